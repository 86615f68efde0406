import { totalmem } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryToPlanWith, SHARERS } from '../../../src/pipeline/work/machine-memory.ts';

describe('the memory to plan with', () => {
  it('is a part of what the machine or the control group has, and no less than two fifths of it', () => {
    const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity);
    const planned = memoryToPlanWith();
    expect(planned).toBeGreaterThanOrEqual(0.4 * limit);
    expect(planned).toBeLessThanOrEqual(0.8 * limit);
  });

  afterEach(() => {
    delete process.env[SHARERS];
  });

  it('is an equal part of that where several slots of a farm worker share the machine', () => {
    process.env[SHARERS] = '4';
    const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity);
    const planned = memoryToPlanWith();
    expect(planned).toBeGreaterThanOrEqual(0.1 * limit);
    expect(planned).toBeLessThanOrEqual(0.2 * limit);
  });

  it('is all of it where the number of slots is none', () => {
    process.env[SHARERS] = 'many';
    expect(memoryToPlanWith()).toBeGreaterThanOrEqual(
      0.4 * Math.min(totalmem(), process.constrainedMemory() || Infinity),
    );
  });
});
