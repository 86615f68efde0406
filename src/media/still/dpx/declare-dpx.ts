import { CREATOR, type Declaration, type Declared } from '../../declaration.ts';

/** Of the file's creator (SMPTE ST 268, field 9): 100 bytes of text. */
const AT = 160;
const BYTES = 100;

/** A copy of a DPX file whose creator's field, where it was empty or this program's own, names the digital source type. */
export function declareDpx(file: Buffer, { sourceType }: Declaration): Declared<Buffer> {
  const own = file
    .toString('latin1', AT, AT + BYTES)
    .replace(/[\0\xff].*$/s, '')
    .trim();
  const said = `${CREATOR} ${sourceType}`;
  if (own === said) return { declared: file, kept: null };
  if (own !== '' && own !== CREATOR) return { declared: file, kept: `creator is "${own}"` };
  const declared = Buffer.from(file);
  declared.fill(0, AT, AT + BYTES);
  declared.write(said, AT, BYTES - 1, 'latin1');
  return { declared, kept: null };
}
