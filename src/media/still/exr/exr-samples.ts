import { fromHalf, toHalf } from '../../../film/half-float.ts';
import type { ExrChannel } from './exr-part.ts';

let halves: Float32Array | undefined;
/** Whole numbers are read as shares of the greatest. */
const GREATEST = 2 ** 32 - 1;

/** Every binary16 number's value, looked up. */
function valuesOfHalves(): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, half) => fromHalf(half));
  return halves;
}

/** Copies `into.length` samples of one channel, which begin at byte `at`, as floats. */
export function readExrSamples(raw: Buffer, at: number, type: ExrChannel['type'], into: Float32Array): void {
  if (type === 'half') {
    const values = valuesOfHalves();
    for (let x = 0; x < into.length; x++) {
      const half = (raw[at + x * 2] as number) | ((raw[at + x * 2 + 1] as number) << 8);
      into[x] = values[half] as number;
    }
  } else if (type === 'float') {
    for (let x = 0; x < into.length; x++) into[x] = raw.readFloatLE(at + x * 4);
  } else {
    for (let x = 0; x < into.length; x++) into[x] = raw.readUInt32LE(at + x * 4) / GREATEST;
  }
}

/**
 * Writes samples that differ from those that are there, in the channel's own depth, and says whether there were any. Bits stay where
 * the value is the same: of the bit patterns for not-a-number, the file's own is kept.
 */
export function writeExrSamples(raw: Buffer, at: number, type: ExrChannel['type'], values: Float32Array): boolean {
  let changed = false;
  const there = new Float32Array(values.length);
  readExrSamples(raw, at, type, there);
  for (let x = 0; x < values.length; x++) {
    const value = values[x] as number;
    if (Object.is(there[x], value)) continue;
    changed = true;
    if (type === 'half') raw.writeUInt16LE(toHalf(value), at + x * 2);
    else if (type === 'float') raw.writeFloatLE(value, at + x * 4);
    else raw.writeUInt32LE(Math.round(Math.min(1, Math.max(0, value || 0)) * GREATEST), at + x * 4);
  }
  return changed;
}
