import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { StillKind } from '../../../src/film/reel.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../src/media/still/exr/exr.ts';
import { declareStill, openStill } from '../../../src/media/still/still.ts';
import { decodeStill, drawStill } from './footage.ts';
import { randomFrom } from './random.ts';
import { randomTiff } from './tiff/drawn-tiffs.ts';
import { writeTiff } from './tiff/tiff-writer.ts';

const TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced';
const DECLARATION = { sourceType: TYPE, comment: 'Faces restored.' };
const SIZE = { width: 50, height: 22 };
const FORMATS = [
  ['png', 'rgb48be'],
  ['jpeg', 'yuvj420p'],
  ['tiff', 'rgb48le'],
] as const;

/** A packet as an archive writes it, with what it says beside. */
const packet = (said: string) =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about='uuid:1' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xap="http://ns.adobe.com/xap/1.0/" dc:source="reel 3, can 7"${said}/></r:RDF></x:xmpmeta><?xpacket end="w"?>`;

async function withXmp(file: Buffer, kind: StillKind, xmp: string): Promise<Buffer> {
  const picture = sharp(file).withXmp(xmp);
  return kind === 'png'
    ? picture.png().toBuffer()
    : kind === 'jpeg'
      ? picture.jpeg().toBuffer()
      : picture.tiff().toBuffer();
}

/** The XMP of a still as libvips finds it. */
async function xmpOf(file: Buffer): Promise<string> {
  return (await sharp(file).metadata()).xmp?.toString() ?? '';
}

function expectSameSamples(kind: StillKind, pixelFormat: string, before: Buffer, after: Buffer): void {
  const [a, b] = [before, after].map((file) => decodeStill(kind, file, pixelFormat, SIZE).bytes);
  expect(Buffer.from(a as Uint8Array).equals(b as Uint8Array)).toBe(true);
}

describe('a still that declares that it was altered', () => {
  test.each(FORMATS)('says so in XMP where it is %s, and keeps its samples', async (kind, pixelFormat) => {
    const file = drawStill(kind, pixelFormat, '50x22');
    const { declared, kept } = await declareStill(kind, file, DECLARATION);
    expect(kept).toBeNull();
    const xmp = await xmpOf(declared);
    expect(xmp).toContain(`Iptc4xmpExt:DigitalSourceType="${TYPE}"`);
    expect(xmp).toContain('xmp:CreatorTool="Reelmend"');
    expectSameSamples(kind, pixelFormat, file, declared);
    // What is declared stays as it is.
    expect((await declareStill(kind, declared, DECLARATION)).declared.equals(declared)).toBe(true);
  });

  test.each(FORMATS)('keeps every word of the XMP that a %s still had', async (kind, pixelFormat) => {
    const own = packet(' xap:CreatorTool="Scanner 5"');
    const file = await withXmp(drawStill(kind, pixelFormat, '50x22'), kind, own);
    const before = await xmpOf(file);
    const { declared, kept } = await declareStill(kind, file, DECLARATION);
    expect(kept).toBeNull();
    const after = await xmpOf(declared);
    const added = after.replace(before.slice(0, before.indexOf('</r:RDF>')), '');
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.startsWith(before.slice(0, before.indexOf('</r:RDF>')))).toBe(true);
    expect(added).toContain(`<r:Description r:about='uuid:1'`);
    expect(added).toContain(`Iptc4xmpExt:DigitalSourceType="${TYPE}"`);
    expect(after).not.toContain('"Reelmend"');
    expect(added.endsWith(before.slice(before.indexOf('</r:RDF>')))).toBe(true);
  });

  test.each(FORMATS)('stays as it is where a %s still says what it is already', async (kind, pixelFormat) => {
    const own = packet(' e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/negativeFilm"');
    const file = await withXmp(drawStill(kind, pixelFormat, '50x22'), kind, own);
    const { declared, kept } = await declareStill(kind, file, DECLARATION);
    expect(kept).toBe('XMP says "http://cv.iptc.org/newscodes/digitalsourcetype/negativeFilm"');
    expect(declared.equals(file)).toBe(true);
  });

  test('is a TIFF of any form, whose pages all stay', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const file = writeTiff(randomTiff(randomFrom(seed)).tiff);
      const { declared, kept } = await declareStill('tiff', file, DECLARATION);
      expect(kept).toBeNull();
      const [before, after] = await Promise.all([openStill('tiff', file), openStill('tiff', declared)]);
      expect(declared.includes(TYPE)).toBe(true);
      expect(after.info.width).toBe(before.info.width);
      expect(await after.own?.unpack()).toEqual(await before.own?.unpack());
      expect((await declareStill('tiff', declared, DECLARATION)).declared.equals(declared)).toBe(true);
    }
  });

  test('names the type in the creator of a DPX where nobody is named there', async () => {
    const file = drawStill('dpx', 'gbrp10le', '50x22');
    const empty = Buffer.from(file).fill(0, 160, 260);
    const { declared, kept } = await declareStill('dpx', empty, DECLARATION);
    expect(kept).toBeNull();
    expect(declared.toString('latin1', 160, 260).replace(/\0+$/, '')).toBe(`Reelmend ${TYPE}`);
    expect(declared.subarray(260).equals(empty.subarray(260))).toBe(true);
    expect(declared.subarray(0, 160).equals(empty.subarray(0, 160))).toBe(true);

    const named = Buffer.from(empty);
    named.write('Archive of the City', 160);
    const refused = await declareStill('dpx', named, DECLARATION);
    expect(refused.kept).toBe('creator is "Archive of the City"');
    expect(refused.declared.equals(named)).toBe(true);
  });

  test('has an attribute where it is EXR, and every chunk where its table says', async () => {
    const file = drawStill('exr', 'gbrpf32le', '50x22');
    const { declared, kept } = await declareStill('exr', file, DECLARATION);
    expect(kept).toBeNull();
    const { picture } = await parseExr(bytesInMemory(declared));
    expect(picture.part.attributes.get('Iptc4xmpExt:DigitalSourceType')?.value.toString()).toBe(TYPE);
    expectSameSamples('exr', 'gbrpf32le', file, declared);
    const other = { ...DECLARATION, sourceType: `${TYPE}/other` };
    const again = await declareStill('exr', declared, other);
    expect(again.kept).toBe(`attribute Iptc4xmpExt:DigitalSourceType says "${TYPE}"`);
    expect(again.declared.equals(declared)).toBe(true);
  });
});
