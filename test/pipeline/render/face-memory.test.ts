import { describe, expect, it } from 'vitest';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import type { CastTrack } from '../../../src/pipeline/render/cast-track.ts';
import { faceBytes, workerBytes } from '../../../src/pipeline/render/face-memory.ts';
import { trackOf } from '../face-tracks.ts';

const PLATE = { format: sampleFormat('gbrp16le'), width: 6144, height: 3456 };
const PATCH = 512;
/** Three floats a pixel of the patch, and three 16-bit samples a pixel of the region under it. */
const ONE = PATCH ** 2 * (12 + 6);

function cast(from: number, out: number, patchSize = PATCH): CastTrack {
  const track = trackOf('t1', from, out);
  return { id: 't1', in: from, out, track, person: null, stills: [], brief: { patchSize } as CastTrack['brief'] };
}

describe("what a frame's faces hold", () => {
  it('is that of the frame with the most', () => {
    expect(faceBytes([], PLATE)).toBe(0);
    expect(faceBytes([cast(0, 10), cast(10, 20)], PLATE)).toBe(ONE);
    expect(faceBytes([cast(0, 10), cast(5, 20), cast(9, 12), cast(12, 20)], PLATE)).toBe(3 * ONE);
  });

  it('is no more of the plate than there is', () => {
    const small = { ...PLATE, width: 64, height: 48 };
    expect(faceBytes([cast(0, 10)], small)).toBe(PATCH ** 2 * 12 + 64 * 48 * 6);
  });
});

describe('what a worker takes for itself', () => {
  it('grows with the largest face and the window', () => {
    const narrow = workerBytes([cast(0, 10), cast(0, 10, 128)], 5);
    expect(narrow).toBe(workerBytes([cast(0, 10)], 5));
    expect(workerBytes([cast(0, 10)], 21)).toBeGreaterThan(2 * (narrow - workerBytes([], 5)));
  });
});
