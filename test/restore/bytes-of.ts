/** Samples as bytes: compared so, a million of them take no time, and a test's own equality takes seconds. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
