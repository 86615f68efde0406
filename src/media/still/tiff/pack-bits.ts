/** Packbits (TIFF 6.0 §9): runs of 2 … 128 equal bytes as (1 − n, byte), others as (n − 1, bytes). Rows are packed one by one. */
export function packBits(raw: Buffer, rowBytes: number): Buffer {
  const packed = Buffer.allocUnsafe(raw.length + Math.ceil(raw.length / rowBytes) * (Math.ceil(rowBytes / 128) + 1));
  let to = 0;
  for (let row = 0; row < raw.length; row += rowBytes) {
    const end = Math.min(row + rowBytes, raw.length);
    for (let from = row; from < end; ) {
      const run = runLength(raw, from, Math.min(end, from + 128));
      if (run > 1) {
        packed[to++] = 257 - run;
        packed[to++] = raw[from] as number;
        from += run;
        continue;
      }
      let literal = from + 1;
      // A run of two inside literals costs as much as it saves.
      while (literal < end && literal - from < 128 && runLength(raw, literal, Math.min(end, literal + 3)) < 3)
        literal++;
      packed[to++] = literal - from - 1;
      to += raw.copy(packed, to, from, literal);
      from = literal;
    }
  }
  return packed.subarray(0, to);
}

export function unpackBits(packed: Buffer, length: number): Buffer {
  const raw = Buffer.alloc(length);
  let to = 0;
  for (let from = 0; from < packed.length && to < length; ) {
    const code = packed[from++] as number;
    if (code === 128) continue;
    if (code < 128) {
      to += packed.copy(raw, to, from, from + code + 1);
      from += code + 1;
    } else {
      const end = Math.min(to + 257 - code, length);
      raw.fill(packed[from++] as number, to, end);
      to = end;
    }
  }
  return raw.subarray(0, to);
}

function runLength(bytes: Buffer, from: number, end: number): number {
  let at = from + 1;
  while (at < end && bytes[at] === bytes[from]) at++;
  return at - from;
}
