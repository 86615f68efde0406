/** Memory for patches that all threads see. It is used again: engines do not count shared memory, and would be late to free it. */
export interface PatchMemory {
  /** `Float32Array` of `length` on shared memory, its content what it was. */
  lend(length: number): Float32Array;
  /** To be called when no thread uses it any more. */
  giveBack(lent: Float32Array): void;
}

/** Holds no more buffers than were lent at once: a request for another length drops an unused one. */
export function patchMemory(): PatchMemory {
  const spare: Float32Array[] = [];
  return {
    lend(length) {
      const fitting = spare.findIndex((buffer) => buffer.length === length);
      const [taken] = spare.splice(Math.max(0, fitting), 1);
      return taken?.length === length ? taken : new Float32Array(new SharedArrayBuffer(4 * length));
    },
    giveBack(lent) {
      spare.push(lent);
    },
  };
}
