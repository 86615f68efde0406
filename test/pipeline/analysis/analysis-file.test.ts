import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputError } from '../../../src/disk/output-error.ts';
import type { MovieReel } from '../../../src/film/reel.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { readAnalysis, writeAnalysis } from '../../../src/pipeline/analysis/analysis-file.ts';
import type { ReelAnalysis } from '../../../src/pipeline/analysis/reel-analysis.ts';
import { trackedReelOf } from '../../../src/pipeline/analysis/tracked-reel.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { landmarksAt } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';
import { keptShot } from '../tracked-shot.ts';

/** A movie of which everything is known that a movie may say. */
const MOVIE: MovieReel = {
  kind: 'movie',
  path: '/film/reel "A".mov',
  width: 640,
  height: 480,
  rate: { num: 24000, den: 1001 },
  frames: 3,
  first: 1,
  format: sampleFormat('yuv422p10le'),
  pixelFormat: 'yuv422p10le',
  colour: { range: 'tv', primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', chromaLocation: 'left' },
  transfer: 'rec709',
  damaged: new Map([[2, 'it cannot be decoded']]),
  notes: ['It is interlaced.'],
  container: 'mov',
  codec: 'prores',
  times: [0, 1001, 2002],
  timeBase: { num: 1, den: 24000 },
  timecode: '01:00:00:00',
  pixelAspect: { num: 1, den: 1 },
  fields: 'progressive',
  audioStreams: 2,
  subtitleStreams: 0,
  stored: { width: 1920, height: 1080, orientation: 6 },
  displayMatrix: [0, 65536, 0, -65536, 0, 0, 0, 0, 1073741824],
};

let analysis: ReelAnalysis;
beforeAll(async () => {
  const counts = {
    detector: { sweep: 10, loss: 6 },
    landmarker: { follow: 60 },
    recogniser: {},
    refiner: { identity: 8, between: 1 },
  };
  const everyFrame = { detector: 300, landmarker: 77, recogniser: 77, refiner: 77 };
  const embedding = Float32Array.of(0.6, 0.8, 0);
  analysis = {
    reel: reelOf({ files: ['/film/scan/scan.1001.dpx', null], damaged: new Map([[1, 'it is not there']]) }),
    print: 'quick:1234',
    range: { in: 0, out: 100 },
    chosen: [
      { name: 'sh010', in: 0, out: 50, restorer: 'repair', preset: await loadPreset('strict', RESTORERS), cast: null },
      { name: 'sh020', in: 60, out: 100 },
    ],
    preset: await loadPreset('restore', RESTORERS),
    overrides: {
      cast: [
        { face: { track: 'f1004' }, as: 'actor' },
        { face: { frame: 3, point: [10, 20.5] }, as: null },
      ],
      pins: [{ frame: 5, five: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10.25], track: 'f1004' }],
      holdouts: [
        { in: 0, out: 5 },
        { in: 5, out: 9, box: [1, 2, 3, 4] },
      ],
      hash: 'abcd',
    },
    models: { 'a-detector': 'ef01' },
    device: 'cpu',
    deviceReason: 'No accelerator was found.',
    tracked: trackedReelOf([keptShot()], { frames: 100, counts, everyFrame }),
    people: [{ name: 'actor', find: [embedding, Float32Array.of(0, 1, 0)] }],
    limits: { threshold: 0.42, qualityShift: 0.15, floor: 0.38, qualityFloor: 0.25, hysteresis: 0.03 },
    castings: [{ track: 'f1004', person: 'actor', similarity: 0.7 }],
    references: [
      {
        name: 'actor',
        stills: [
          {
            name: 'a still.png',
            sha256: '0123',
            face: { score: 0.9, box: [1, 2, 30, 40], landmarks: landmarksAt(200, 300), embedding },
          },
        ],
      },
    ],
    reelStills: new Map([['f1004', { frames: [{ track: 'f1004', frame: 8 }], choose: true }]]),
    notes: ['A sentence.'],
  };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-analysis-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the analysis of a reel', () => {
  it.each([
    ['a folder', (): ReelAnalysis => analysis],
    ['a movie', (): ReelAnalysis => ({ ...analysis, reel: MOVIE })],
    [
      'a reel whose tracks were all kept',
      (): ReelAnalysis => ({ ...analysis, tracked: { ...analysis.tracked, work: null } }),
    ],
  ])('of %s is read as it was written', async (_, written) => {
    const path = join(folder, 'reel.analysis');
    await writeAnalysis(path, written());
    expect(await readAnalysis(path)).toEqual(written());
    expect(await readdir(folder)).toEqual(['reel.analysis']);
  });

  it('can be posted to another thread', () => {
    expect(structuredClone(analysis)).toEqual(analysis);
  });

  it('is refused where its file is damaged, wherever that is, or is another', async () => {
    const path = join(folder, 'reel.analysis');
    await writeAnalysis(path, analysis);
    const whole = await readFile(path);
    for (let k = 0; k < 20; k++) {
      const damaged = Buffer.from(whole);
      const at = Math.floor((whole.length * k) / 20);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      await writeFile(path, damaged);
      await expect(readAnalysis(path), `byte ${at}`).rejects.toThrow(
        /^".*" is no analysis that can be used: it.*\. Analyse the reel again\.$/,
      );
    }
    await writeFile(path, whole);
    await truncate(path, whole.length - 1);
    await expect(readAnalysis(path)).rejects.toThrow(
      `"${path}" is no analysis that can be used: it is shorter than it says. Analyse the reel again.`,
    );
    await writeFile(path, 'x'.repeat(100));
    await expect(readAnalysis(path)).rejects.toThrow(
      `"${path}" is no analysis that can be used: it is a file of another kind. Analyse the reel again.`,
    );
  });

  it('is written over an older one, and leaves nothing behind where it cannot be', async () => {
    const path = join(folder, 'reel.analysis');
    await writeAnalysis(path, analysis);
    await writeAnalysis(path, { ...analysis, notes: [] });
    expect((await readAnalysis(path)).notes).toEqual([]);
    await expect(writeAnalysis(join(path, 'below'), analysis)).rejects.toThrow(OutputError);
    expect(await readdir(folder)).toEqual(['reel.analysis']);
  });
});
