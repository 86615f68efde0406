const text = new TextEncoder();

/** Writes one protobuf message, field by field, in the order of the calls; the same calls give the same bytes. */
export interface ProtoWriter {
  /** An int32, int64, bool or enum field; `value` is a safe integer. */
  int(field: number, value: number): void;
  /** A `float` field. */
  float(field: number, value: number): void;
  bytes(field: number, value: Uint8Array): void;
  string(field: number, value: string): void;
  message(field: number, write: (inner: ProtoWriter) => void): void;
}

/** Wire types of the protobuf encoding (protobuf.dev, "Encoding"). */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** The bytes of the message that `write` writes. */
export function encodeMessage(write: (writer: ProtoWriter) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const tag = (field: number, wire: number) => chunks.push(varint(field * 8 + wire));
  const bytes = (field: number, value: Uint8Array) => {
    tag(field, LENGTH_DELIMITED);
    chunks.push(varint(value.length), value);
  };
  write({
    int(field, value) {
      tag(field, VARINT);
      chunks.push(varint(value));
    },
    float(field, value) {
      tag(field, FIXED_32);
      const four = new Uint8Array(4);
      new DataView(four.buffer).setFloat32(0, value, true);
      chunks.push(four);
    },
    bytes,
    string: (field, value) => bytes(field, text.encode(value)),
    message: (field, inner) => bytes(field, encodeMessage(inner)),
  });
  return joined(chunks);
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
