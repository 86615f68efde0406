import type { Declaration, Declared } from '../../declaration.ts';
import { declaredXmpBytes } from '../../xmp-packet.ts';
import type { TiffHeader } from './tiff.ts';
import { numberAt, putNumber } from './tiff-directory.ts';

/** XMP Specification, part 3, §1.1.8: a field of bytes. */
const XMP = 700;
const BYTE = 1;
/** The largest file that is not a BigTIFF. */
const LARGEST = 2 ** 32 - 1;

/**
 * A copy of a TIFF file whose picture has XMP with the declaration. The packet, and where there was none a directory with its field, are put
 * at the file's end; what they take the place of stays behind, and so does everything else.
 */
export function declareTiff(
  file: Buffer,
  { form: { big, bigEndian }, place }: TiffHeader,
  declaration: Declaration,
): Declared<Buffer> {
  const word = big ? 8 : 4;
  const [head, entryBytes] = big ? [8, 20] : [2, 12];
  const read = (at: number, bytes: number) => numberAt(file, at, bytes, bigEndian);
  const count = read(place.at, head);
  const entries = Array.from({ length: count }, (_, k) => place.at + head + k * entryBytes);
  const own = entries.find((at) => read(at, 2) === XMP);
  const packet = own === undefined ? null : packetAt(file, own, { word, bigEndian });
  if (own !== undefined && packet === null) return { declared: file, kept: 'XMP cannot be read' };
  const { declared: xmp, kept } = declaredXmpBytes(packet, declaration);
  if (kept !== null || (packet && xmp.equals(packet))) return { declared: file, kept };

  // Places in a TIFF file are even (TIFF 6.0 §2).
  const xmpAt = file.length + (file.length % 2);
  const end = xmpAt + xmp.length + (xmp.length % 2);
  const next = place.at + head + count * entryBytes;
  const directory = own === undefined ? Buffer.alloc(head + (count + 1) * entryBytes + word) : Buffer.alloc(0);
  const size = end + directory.length;
  if (!big && size > LARGEST) return { declared: file, kept: 'size leaves no room for XMP' };
  const declared = Buffer.concat([file, Buffer.alloc(size - file.length)]);
  const put = (value: number, at: number, bytes: number) => putNumber(declared, { value, at, bytes, bigEndian });
  xmp.copy(declared, xmpAt);
  const putField = (at: number) => {
    put(XMP, at, 2);
    put(BYTE, at + 2, 2);
    put(xmp.length, at + 4, word);
    put(xmpAt, at + 4 + word, word);
  };
  if (own !== undefined) {
    putField(own);
    return { declared, kept: null };
  }
  put(count + 1, end, head);
  // Fields stand in the order of their numbers.
  const before = entries.filter((at) => read(at, 2) < XMP).length;
  const first = place.at + head;
  const split = first + before * entryBytes;
  file.copy(declared, end + head, first, split);
  putField(end + head + before * entryBytes);
  file.copy(declared, end + head + (before + 1) * entryBytes, split, next + word);
  put(end, place.pointer.at, place.pointer.bytes);
  return { declared, kept: null };
}

/** The packet of a field; null where its type is none of single bytes, or it is too short to lie elsewhere. */
function packetAt(
  file: Buffer,
  entry: number,
  { word, bigEndian }: { readonly word: number; readonly bigEndian: boolean },
): Buffer | null {
  const [type, length] = [numberAt(file, entry + 2, 2, bigEndian), numberAt(file, entry + 4, word, bigEndian)];
  // BYTE, ASCII, UNDEFINED.
  if (![1, 2, 7].includes(type) || length <= word) return null;
  const at = numberAt(file, entry + 4 + word, word, bigEndian);
  return file.subarray(at, at + length);
}
