import { CREATOR, type Declaration, type Declared } from './declaration.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XMP = 'http://ns.adobe.com/xap/1.0/';
const IPTC_EXTENSION = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';

/**
 * A packet of XMP (ISO 16684-1) with the digital source type in `Iptc4xmpExt:DigitalSourceType` (IPTC Photo Metadata Standard) and, where
 * it names no program, `xmp:CreatorTool`. Of a packet that was there every character stays; one that has such a type already, or
 * that is not read, stays as it is.
 *
 * @param packet null where there was none
 */
export function declaredXmp(packet: string | null, { sourceType }: Pick<Declaration, 'sourceType'>): Declared<string> {
  if (packet === null) return { declared: wholePacket(description('rdf', '""', sourceType, true)), kept: null };
  const own = valueIn(packet, IPTC_EXTENSION, 'DigitalSourceType');
  if (own === sourceType) return { declared: packet, kept: null };
  if (own !== null) return { declared: packet, kept: `XMP says "${own}"` };
  for (const prefix of prefixesOf(packet, RDF)) {
    const end = packet.search(new RegExp(`</${prefix}:RDF\\s*>(?![\\s\\S]*</${prefix}:RDF\\s*>)`));
    if (end < 0) continue;
    // Descriptions of one packet name one thing (ISO 16684-1 §7.4).
    const about = new RegExp(`[\\s<]${prefix}:about\\s*=\\s*("[^"]*"|'[^']*')`).exec(packet)?.[1] ?? '""';
    const isToolOpen = valueIn(packet, XMP, 'CreatorTool') === null;
    const added = description(prefix, about, sourceType, isToolOpen);
    return { declared: `${packet.slice(0, end)}${added}\n${packet.slice(end)}`, kept: null };
  }
  return { declared: packet, kept: 'XMP cannot be read' };
}

function description(rdf: string, about: string, sourceType: string, namesTool: boolean): string {
  const tool = namesTool ? ` xmlns:xmp="${XMP}" xmp:CreatorTool="${CREATOR}"` : '';
  return `<${rdf}:Description ${rdf}:about=${about} xmlns:Iptc4xmpExt="${IPTC_EXTENSION}" Iptc4xmpExt:DigitalSourceType="${sourceType}"${tool}/>`;
}

function wholePacket(descriptions: string): string {
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    `<rdf:RDF xmlns:rdf="${RDF}">`,
    descriptions,
    '</rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

/** The text of a simple property, as an attribute or an element; null where the packet does not have it. */
function valueIn(packet: string, namespace: string, name: string): string | null {
  for (const prefix of prefixesOf(packet, namespace)) {
    const property = `${prefix}:${name}`;
    const attribute = new RegExp(`\\s${property}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(packet);
    if (attribute) return attribute[1] ?? attribute[2] ?? '';
    const element = new RegExp(`<${property}(\\s[^>]*)?>([^<]*)`).exec(packet);
    if (element) return /:resource\s*=\s*["']([^"']*)/.exec(element[1] ?? '')?.[1] ?? element[2] ?? '';
  }
  return null;
}

/** Prefixes by which a packet calls a namespace. */
function prefixesOf(packet: string, namespace: string): string[] {
  const bound = [...packet.matchAll(/xmlns:([A-Za-z_][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return [...new Set(bound.flatMap(([, prefix, a, b]) => (prefix && (a ?? b) === namespace ? [prefix] : [])))];
}

/** The text of a packet's bytes; null where they are not UTF-8. */
export function xmpText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The same of the bytes of a packet, which are UTF-8. */
export function declaredXmpBytes(
  packet: Uint8Array | null,
  declaration: Pick<Declaration, 'sourceType'>,
): Declared<Buffer> {
  const text = packet && xmpText(packet);
  if (packet && text === null) return { declared: Buffer.from(packet), kept: 'XMP cannot be read' };
  const { declared, kept } = declaredXmp(text, declaration);
  return { declared: Buffer.from(declared), kept };
}
