import { describe, expect, it } from 'vitest';
import { ReelError } from '../../../src/film/reel-error.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { planMemory } from '../../../src/pipeline/render/plan-memory.ts';

const GB = 1e9;
/** A scan of 6144 × 3456 in 16 bits. */
const PLATE = pictureBytes(sampleFormat('gbrp16le'), 6144, 3456);
const MIB = 2 ** 20;
const REPAIR = { plate: PLATE, faces: 20 * MIB, worker: 200 * MIB, window: 5 };

describe('the memory of a render', () => {
  it('holds a window, two plates for each worker, one being read and one written', () => {
    const plain = { ...REPAIR, faces: 0, worker: 0 };
    const repair = planMemory(plain, 8, 64 * GB);
    expect(repair).toMatchObject({ workers: 8, plates: 23, note: null });
    expect(repair.bytes / GB).toBeCloseTo(2.9, 1);
    const enhance = planMemory({ ...plain, window: 21 }, 8, 64 * GB);
    expect(enhance.plates).toBe(39);
    expect(enhance.bytes / GB).toBeCloseTo(5.0, 1);
  });

  it('is kept within what there is by fewer workers, which a sentence tells', () => {
    const plan = planMemory(REPAIR, 8, 3.2 * GB);
    expect(plan).toMatchObject({ workers: 4, plates: 15 });
    expect(plan.bytes).toBeLessThanOrEqual(3.2 * GB);
    expect(planMemory(REPAIR, 5, 3.2 * GB).workers).toBe(4);
    expect(plan.note).toBe(
      'Faces were rendered by 4 of 8 possible workers, for want of memory: 8 would hold 23 plates of 122 MiB and their faces, about 4.8 GiB in all, and 3.0 GiB could be planned with.',
    );
  });

  it('is refused where not even one worker fits, with what is needed, what there is, and what to do', () => {
    expect(() => planMemory(REPAIR, 8, GB)).toThrow(ReelError);
    expect(() => planMemory(REPAIR, 8, GB)).toThrow(
      'Not enough memory to render the reel: one worker holds 9 plates of 122 MiB and their faces, about 1.5 GiB in all, and 954 MiB can be planned with. Close other programs, allow this process more memory, or choose a restorer that needs fewer frames at once (--restorer replace needs one).',
    );
  });
});
