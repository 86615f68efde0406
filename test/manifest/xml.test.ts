import { describe, expect, it } from 'vitest';
import { escapeXml, parseXml } from '../../src/manifest/xml.ts';

describe('the reader of XML', () => {
  it('sees elements without their prefix, attributes, and text with entities, CDATA and comments undone', () => {
    const text = `\uFEFF<?xml version="1.0"?>\r\n<!-- a > b --><m:list m:version='2' note = "a&#x20;&lt;b"><hash/><path>one &amp; <![CDATA[<two>]]></path>\r\n</m:list>`;
    const root = parseXml(text);
    expect(root).toMatchObject({ name: 'list', text: '\n' });
    expect([...root.attributes]).toEqual([
      ['version', '2'],
      ['note', 'a <b'],
    ]);
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['hash', ''],
      ['path', 'one & <two>'],
    ]);
  });

  it('gives back what was escaped', () => {
    const odd = 'a&b<c>"d"\r\n\t\'é\u{1F3AC}]]>';
    const { text, attributes } = parseXml(`<a b="${escapeXml(odd)}">${escapeXml(odd)}</a>`);
    expect([text, attributes.get('b')]).toEqual([odd, odd]);
  });

  it.each([
    ['<a><b></a>', '</a> closes no element at character 6'],
    ['<a><b/>', 'it ends before its last element does'],
    ['', 'it ends before its last element does'],
    ['<a b=c/>', 'it is not XML at character 0'],
    ['<!DOCTYPE a><a/>', 'it is not XML at character 0'],
    ['<a>&other;</a>', 'it uses "&other;", which is not declared'],
    ['<a>&#0;</a>', 'it uses "&#0;", which is not declared'],
  ])('says what is wrong with %s', (text, what) => {
    expect(() => parseXml(text)).toThrow(what);
  });
});
