import type { Declaration, Declared } from '../../declaration.ts';
import type { ExrHeader, ExrTable } from './exr.ts';

/** An attribute by the name of the XMP property, since EXR has no place for XMP. */
const NAME = 'Iptc4xmpExt:DigitalSourceType';

/** A copy of an EXR file with the digital source type as an attribute of the picture's part. All chunks stay, and move by its length. */
export function declareExr(
  file: Buffer,
  { picture: { part }, tables }: ExrHeader,
  { sourceType }: Declaration,
): Declared<Buffer> {
  const own = part.attributes.get(NAME)?.value.toString('utf8');
  if (own !== undefined) return { declared: file, kept: own === sourceType ? null : `attribute ${NAME} says "${own}"` };
  const value = Buffer.from(sourceType);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  const attribute = Buffer.concat([Buffer.from(`${NAME}\0string\0`), length, value]);
  const end = Math.max(...[...part.attributes.values()].map(({ at, value: { length: bytes } }) => at + bytes));
  const declared = Buffer.concat([file.subarray(0, end), attribute, file.subarray(end)]);
  for (const { at, places } of tables as readonly ExrTable[]) {
    places.forEach((place, k) => {
      declared.writeBigUInt64LE(BigInt(place + attribute.length), at + attribute.length + k * 8);
    });
  }
  return { declared, kept: null };
}
