/**
 * Runs as OpenEXR has them: a count below zero is followed by that many bytes, another n by one byte that stands n + 1 times.
 *
 * @throws RangeError where they do not make up `length` bytes
 */
export function unpackRuns(packed: Buffer, length: number): Buffer {
  const raw = Buffer.allocUnsafe(length);
  let to = 0;
  for (let from = 0; from < packed.length; ) {
    const count = packed.readInt8(from++);
    const bytes = count < 0 ? -count : count + 1;
    if (to + bytes > length || from + (count < 0 ? bytes : 1) > packed.length)
      throw new RangeError('its runs are too long');
    if (count < 0) packed.copy(raw, to, from, from + bytes);
    else raw.fill(packed[from] as number, to, to + bytes);
    from += count < 0 ? bytes : 1;
    to += bytes;
  }
  if (to < length) throw new RangeError('its runs are too short');
  return raw;
}

/** The inverse of `unpackRuns`. */
export function packRuns(raw: Buffer): Buffer {
  const packed = Buffer.allocUnsafe(raw.length + Math.ceil(raw.length / 127) + 1);
  let to = 0;
  for (let from = 0; from < raw.length; ) {
    let end = from + 1;
    while (end < raw.length && end - from < 128 && raw[end] === raw[from]) end++;
    if (end - from >= 3) {
      packed[to++] = end - from - 1;
      packed[to++] = raw[from] as number;
      from = end;
      continue;
    }
    end = from;
    const isRun = (at: number) => at + 2 < raw.length && raw[at] === raw[at + 1] && raw[at] === raw[at + 2];
    while (end < raw.length && end - from < 127 && !isRun(end)) end++;
    packed[to++] = 256 - (end - from);
    to += raw.copy(packed, to, from, end);
    from = end;
  }
  return packed.subarray(0, to);
}
