import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReel, sampleDpx } from '../../samples/make-reel.ts';
import { makeStills, sampleStills } from '../../samples/make-stills.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { type FivePoints, fivePoints } from '../../src/face/landmarks.ts';
import { applyX, applyY, fitSimilarity } from '../../src/face/similarity.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-samples-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('making the sample reel', () => {
  it('writes numbered DPX frames whose timecode and samples ffmpeg reads', async () => {
    const reel = join(folder, 'reel');
    const truth = await makeReel(reel, { width: 192, height: 108, only: 'static', length: 30 });
    const names = (await readdir(reel)).sort();
    expect(names).toEqual(Array.from({ length: 30 }, (_, k) => `scan.${1001 + k}.dpx`));
    expect(await readFile(join(reel, 'scan.1026.dpx'))).toEqual(sampleDpx(truth, 25));
    const told = execFileSync('ffprobe', [
      ...['-v', 'error', '-start_number', '1001', '-show_entries'],
      'stream=pix_fmt,nb_read_frames:frame_tags=timecode',
      ...['-count_frames', '-read_intervals', '%+#30', '-of', 'json', join(reel, 'scan.%04d.dpx')],
    ]);
    const { streams, frames } = JSON.parse(told.toString());
    expect(streams[0]).toMatchObject({ pix_fmt: 'gbrp10le', nb_read_frames: '30' });
    expect(frames[25].tags.timecode).toBe('01:00:01:01');
  });
});

describe('the reference stills', () => {
  it('are four PNG pictures of 800 × 800', async () => {
    const paths = await makeStills(join(folder, 'stills'));
    expect(paths.map((path) => path.slice(folder.length))).toEqual(
      ['smile', 'speaking', 'looking-down', 'serious'].map((name) => `/stills/${name}.png`),
    );
    for (const path of paths) {
      const bytes = await readFile(path);
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([800, 800]);
    }
  });

  it('are not the truth’s own picture: laid face over face they differ from every kind of shot', async () => {
    const truth = await openReelTruth({ width: 640, height: 360 });
    const stills = await sampleStills();
    for (const frame of [2, 25, 85]) {
      const five = truth.frame(frame).face?.five ?? [];
      const seen = faceOf(truth.renderClean(frame), five);
      for (const still of stills) {
        const held = faceOf(still.picture, fivePoints(still.landmarks));
        const error = Math.sqrt(seen.reduce((sum, v, i) => sum + (v - (held[i] as number)) ** 2, 0) / seen.length);
        expect(error).toBeGreaterThan(0.03);
      }
    }
  });
});

/** Green of a face, 48 × 48, three inter-ocular distances a side. */
function faceOf(frame: RgbFrame, five: FivePoints): number[] {
  const toFrame = fitSimilarity([16, 16, 32, 16], five.slice(0, 4));
  const pixels = frame.width * frame.height;
  return Array.from({ length: 48 * 48 }, (_, k) => {
    const [u, v] = [(k % 48) + 0.5, Math.floor(k / 48) + 0.5];
    const x = Math.min(frame.width - 1, Math.max(0, Math.floor(applyX(toFrame, u, v))));
    const y = Math.min(frame.height - 1, Math.max(0, Math.floor(applyY(toFrame, u, v))));
    return frame.rgb[pixels + y * frame.width + x] as number;
  });
}
