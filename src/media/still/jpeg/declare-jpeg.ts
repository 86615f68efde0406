import type { Declaration, Declared } from '../../declaration.ts';
import { declaredXmpBytes } from '../../xmp-packet.ts';
import type { JpegHeader, JpegSegment } from './jpeg.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
/** XMP Specification, part 3, §1.1.3. */
const XMP = Buffer.from('http://ns.adobe.com/xap/1.0/\0');
const EXIF = Buffer.from('Exif\0');
/** A segment's length has two bytes, which count themselves. */
const MOST_BYTES = 0xffff - 2;

/** A copy of a JPEG file whose XMP, in a segment behind JFIF and EXIF, has the declaration. All other segments, and the picture, stay. */
export function declareJpeg(file: Buffer, { segments }: JpegHeader, declaration: Declaration): Declared<Buffer> {
  const begins = ({ start, end }: JpegSegment, with_: Buffer) =>
    file.subarray(start, Math.min(end, start + with_.length)).equals(with_);
  const own = segments.find((one) => one.marker === APP1 && begins(one, XMP));
  const packet = own ? file.subarray(own.start + XMP.length, own.end) : null;
  const { declared, kept } = declaredXmpBytes(packet, declaration);
  if (kept !== null || (packet && declared.equals(packet))) return { declared: file, kept };
  const data = Buffer.concat([XMP, declared]);
  if (data.length > MOST_BYTES) return { declared: file, kept: 'XMP has no room for more' };
  const behind = segments.findIndex((one) => one.marker !== APP0 && !(one.marker === APP1 && begins(one, EXIF)));
  const place = (segments[behind] as JpegSegment).start - 4;
  const [from, to] = own ? [own.start - 4, own.end] : [place, place];
  const head = Buffer.from([0xff, APP1, (data.length + 2) >> 8, (data.length + 2) & 255]);
  return { declared: Buffer.concat([file.subarray(0, from), head, data, file.subarray(to)]), kept: null };
}
