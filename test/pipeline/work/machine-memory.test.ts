import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { memoryToPlanWith } from '../../../src/pipeline/work/machine-memory.ts';

describe('the memory to plan with', () => {
  it('is a part of what the machine or the control group has, and no less than two fifths of it', () => {
    const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity);
    const planned = memoryToPlanWith();
    expect(planned).toBeGreaterThanOrEqual(0.4 * limit);
    expect(planned).toBeLessThanOrEqual(0.8 * limit);
  });
});
