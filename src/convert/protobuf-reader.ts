/** Bytes that are read a piece at a time, so that a large file need not be in memory. */
export interface PiecewiseBytes {
  readonly size: number;
  /** `length` bytes from `at`, all of them within the size; they are the reader's until its next call. */
  read(at: number, length: number): Uint8Array;
}

/** A field of a message: a whole number, four or eight bytes, or a stretch of bytes that is not read before it is asked for. */
export type ProtoField =
  | { readonly number: number; readonly kind: 'integer'; readonly value: number }
  | { readonly number: number; readonly kind: 'fixed' | 'bytes'; readonly from: number; readonly to: number };

/** Bytes that are no protobuf message, or the beginning of one. The message says where, as a sentence. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** Wire types of the protobuf encoding (protobuf.dev, "Encoding"). */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Bytes of the longest varint: 64 bits, seven a byte. */
const LONGEST_VARINT = 10;

const text = new TextDecoder();

/**
 * The fields of the message that lies in `source` from `from` up to `to`, in the file's order. What a field holds is skipped.
 *
 * @throws ProtobufError where a field does not fit or cannot be one.
 */
export function* fieldsOf(source: PiecewiseBytes, from = 0, to = source.size): Generator<ProtoField> {
  let at = from;
  while (at < to) {
    const tag = varintAt(source, at, to);
    const number = Math.floor(tag.value / 8);
    if (number === 0) throw new ProtobufError(`Byte ${at} begins no field.`);
    const wire = tag.value % 8;
    if (wire === VARINT) {
      const { value, end } = varintAt(source, tag.end, to);
      yield { number, kind: 'integer', value };
      at = end;
      continue;
    }
    const { begin, end } = stretch(source, tag.end, to, wire);
    if (end > to) {
      throw new ProtobufError(
        `Field ${number} at byte ${at} should end at byte ${end}, but its message ends at ${to}.`,
      );
    }
    yield { number, kind: wire === LENGTH_DELIMITED ? 'bytes' : 'fixed', from: begin, to: end };
    at = end;
  }
}

function stretch(source: PiecewiseBytes, at: number, to: number, wire: number): { begin: number; end: number } {
  if (wire === FIXED_32) return { begin: at, end: at + 4 };
  if (wire === FIXED_64) return { begin: at, end: at + 8 };
  if (wire !== LENGTH_DELIMITED) throw new ProtobufError(`Byte ${at} follows a field of the unknown type ${wire}.`);
  const length = varintAt(source, at, to);
  return { begin: length.end, end: length.end + length.value };
}

/** The text of a field of bytes. */
export function textOf(source: PiecewiseBytes, field: ProtoField): string {
  if (field.kind !== 'bytes') throw new ProtobufError(`Field ${field.number} should be text.`);
  return text.decode(source.read(field.from, field.to - field.from));
}

/** Whole numbers of a repeated field: one, or many that are packed. */
export function integersOf(source: PiecewiseBytes, field: ProtoField): number[] {
  if (field.kind === 'integer') return [field.value];
  const found: number[] = [];
  for (let at = field.from; at < field.to; ) {
    const { value, end } = varintAt(source, at, field.to);
    found.push(value);
    at = end;
  }
  return found;
}

/** A number of up to 64 bits, seven a byte, lowest first; beyond 2⁵³ it is rounded, and two's complement is taken as negative. */
function varintAt(source: PiecewiseBytes, at: number, to: number): { readonly value: number; readonly end: number } {
  const bytes = source.read(at, Math.min(LONGEST_VARINT, to - at));
  let value = 0;
  for (let k = 0; k < bytes.length; k++) {
    const byte = bytes[k] as number;
    value += (byte & 127) * 2 ** (7 * k);
    if (byte < 128) return { value: value >= 2 ** 63 ? value - 2 ** 64 : value, end: at + k + 1 };
  }
  throw new ProtobufError(
    bytes.length < LONGEST_VARINT ? `It ends at byte ${to}, within a number.` : `Byte ${at} begins no number.`,
  );
}
