/** One element of a document: names without their prefix, text as a reader sees it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly in it, in order. */
  readonly text: string;
}

/** An element that is still open: what it holds grows. */
interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
  /** As the closing tag must repeat it, with its prefix. */
  readonly tag: string;
}

/** A comment or instruction; CDATA; a closing tag; an opening tag, its attributes, its own end; text. XML 1.0, 5th edition, section 2. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a document without a type definition: what lists of hashes are written as.
 *
 * @throws Error that says, as the end of a sentence, what is wrong with it.
 */
export function parseXml(text: string): XmlElement {
  const root: OpenElement = { name: '', tag: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const token = new RegExp(TOKEN);
  // A byte order mark is no part of the document.
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`it is not XML at character ${at}`);
    const [, cdata, closing, opening, attributes, empty, plain] = match;
    const parent = open.at(-1) as OpenElement;
    if (cdata !== undefined) parent.text += cdata;
    if (plain !== undefined) parent.text += withoutEntities(plain);
    if (closing !== undefined) {
      if (parent.tag !== closing) throw new Error(`</${closing}> closes no element at character ${at}`);
      open.pop();
    }
    if (opening === undefined) continue;
    const element = {
      name: localName(opening),
      tag: opening,
      attributes: attributesOf(attributes ?? ''),
      children: [],
      text: '',
    };
    parent.children.push(element);
    if (empty === '') open.push(element);
  }
  const document = root.children[0];
  if (!document || open.length > 1) throw new Error('it ends before its last element does');
  return document;
}

/** Text as an element's content or an attribute's value holds it. */
export function escapeXml(text: string): string {
  // A reader makes a line feed of a bare carriage return (section 2.11), and a space of a line feed in an attribute (3.3.3).
  return text.replace(/[&<>"\r\n\t]/g, (character) => ESCAPED[character] as string);
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** True where XML 1.0 has a way to write every character (section 2.2). */
export function fitsXml(text: string): boolean {
  return !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text);
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    Array.from(text.matchAll(ATTRIBUTE), ([, name = '', double, single]) => [
      localName(name),
      withoutEntities(double ?? single ?? ''),
    ]),
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function withoutEntities(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const character = name.startsWith('#') ? characterOf(code) : ENTITIES[name];
    if (character === undefined || !whole.endsWith(';')) throw new Error(`it uses "${whole}", which is not declared`);
    return character;
  });
}

function characterOf(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
