import { describe, expect, it } from 'vitest';
import { patchMemory } from '../../src/workers/patch-memory.ts';

describe('patch memory', () => {
  it('lends what was given back again, and new memory where all is out', () => {
    const memory = patchMemory();
    const [first, second] = [memory.lend(12), memory.lend(12)];
    expect(first.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(second.buffer).not.toBe(first.buffer);
    memory.giveBack(first);
    expect(memory.lend(12)).toBe(first);
  });

  it('drops memory of another length instead of holding both', () => {
    const memory = patchMemory();
    const small = memory.lend(12);
    memory.giveBack(small);
    const large = memory.lend(48);
    expect(large).toHaveLength(48);
    memory.giveBack(large);
    expect(memory.lend(12)).not.toBe(small);
  });
});
