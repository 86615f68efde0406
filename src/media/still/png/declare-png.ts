import { inflateSync } from 'node:zlib';
import type { Declaration, Declared } from '../../declaration.ts';
import { declaredXmpBytes } from '../../xmp-packet.ts';
import type { PngHeader } from './png.ts';
import { pngChunk } from './png-chunk.ts';

/** XMP Specification, part 3, §1.1.5. */
const KEYWORD = Buffer.from('XML:com.adobe.xmp\0');

/** A copy of a PNG file whose XMP, in an `iTXt` chunk before the picture, has the declaration. All other chunks stay. */
export function declarePng(file: Buffer, { chunks }: PngHeader, declaration: Declaration): Declared<Buffer> {
  const dataOf = ({ offset, length }: PngHeader['chunks'][number]) => file.subarray(offset, offset + length);
  // libvips writes it packed, as `zTXt`.
  const own = chunks.find((chunk) => /^([iz]TXt|tEXt)$/.test(chunk.type) && dataOf(chunk).indexOf(KEYWORD) === 0);
  const packet = own ? packetIn(own.type, dataOf(own)) : null;
  if (own && packet === null) return { declared: file, kept: 'XMP cannot be read' };
  const { declared, kept } = declaredXmpBytes(packet, declaration);
  if (kept !== null || (packet && declared.equals(packet))) return { declared: file, kept };
  // Neither packed, nor of a language.
  const chunk = pngChunk('iTXt', Buffer.concat([KEYWORD, Buffer.alloc(4), declared]));
  const place = own ?? (chunks.find(({ type }) => type === 'IDAT') as PngHeader['chunks'][number]);
  const [from, to] = own ? [own.offset - 8, own.offset + own.length + 4] : [place.offset - 8, place.offset - 8];
  return { declared: Buffer.concat([file.subarray(0, from), chunk, file.subarray(to)]), kept: null };
}

/** The text of a chunk of text (W3C PNG §11.3.4); null where it is damaged. */
function packetIn(type: string, data: Buffer): Buffer | null {
  const at = KEYWORD.length;
  if (type === 'tEXt') return data.subarray(at);
  try {
    if (type === 'zTXt') return inflateSync(data.subarray(at + 1));
    const language = data.indexOf(0, at + 2);
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
    if (translated < 0) return null;
    const text = data.subarray(translated + 1);
    return data[at] === 0 ? text : inflateSync(text);
  } catch {
    return null;
  }
}
