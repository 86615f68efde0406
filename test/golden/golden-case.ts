import { createHash } from 'node:crypto';

/** A fixed input with what the product makes of it. */
export interface GoldenCase {
  readonly name: string;
  /** Computes the output; its bytes are hashed in order. */
  readonly output: () => Promise<readonly ArrayBufferView[]>;
}

/** A case whose output needs no waiting. */
export function goldenCase(name: string, output: () => readonly ArrayBufferView[]): GoldenCase {
  return { name, output: async () => output() };
}

/** SHA-256 of the output's bytes, hexadecimal. Samples are hashed as they lie in memory, little-endian. */
export function hashOf(output: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of output) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
