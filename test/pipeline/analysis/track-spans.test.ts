import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FolderReel, Reel } from '../../../src/film/reel.ts';
import { probeReel } from '../../../src/media/read/probe-reel.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { watchedProxies } from '../../../src/pipeline/analysis/decoded-damage.ts';
import { type OpenNetworks, openNetworks } from '../../../src/pipeline/analysis/open-networks.ts';
import { trackFrames } from '../../../src/pipeline/analysis/track-frames.ts';
import type { RangeProgress } from '../../../src/pipeline/analysis/track-spans.ts';
import { trackedReelOf } from '../../../src/pipeline/analysis/tracked-reel.ts';
import { runOptions } from '../../../src/pipeline/run-options.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { type SettledPreset, settledPreset } from '../../../src/settings/settled-preset.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { writeShots } from '../../e2e/tiny-reel.ts';
import { ffmpeg, temporaryFolder } from '../../media/lavfi.ts';

const folder = await temporaryFolder();
const TALKING = 26;
const EMPTY = 12;
const STILL = 10;
const FRAMES = TALKING + EMPTY + STILL;

describe('a range that several trackers share', () => {
  let reel: Reel;
  let preset: SettledPreset;
  let networks: OpenNetworks;
  let opened = 0;

  beforeAll(async () => {
    const scans = join(folder, 'scans');
    await writeShots(scans, [
      ['talking', TALKING],
      ['empty', EMPTY],
      ['static', STILL],
    ]);
    const { signal } = runOptions({});
    reel = await probeReel(scans, { transfer: 'auto' }, ffmpeg, signal);
    const restore = await loadPreset('restore', RESTORERS);
    networks = await openNetworks({ models: {}, device: 'cpu' }, restore, openLibrary(), runOptions({}));
    preset = settledPreset(restore, networks.facts);
  }, 60_000);
  afterAll(async () => {
    await networks[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const tracked = async (trackers: number, span: number, of: Partial<Reel> = {}) => {
    const progress: RangeProgress[] = [];
    opened = 0;
    const openMore = () => {
      opened += 1;
      return networks.openMore();
    };
    const { shots, work } = await trackFrames(
      { in: 0, out: FRAMES },
      {
        reel: { ...reel, ...of } as Reel,
        ...{ preset, reuse: true, ffmpeg, signal: runOptions({}).signal },
        networks: { tracking: networks.tracking, openMore },
        sideBySide: { trackers, span },
      },
      (one) => progress.push(one),
    );
    return { found: trackedReelOf(shots, work), progress };
  };

  it('is searched by the thresholds of its networks', () => {
    const { detector, recogniser } = networks.facts;
    expect({ detector, recogniser }).toEqual({
      detector: { threshold: 0.6 },
      recogniser: { threshold: 0.5, floor: 0.38 },
    });
    expect(preset.tracking.detectorThreshold).toBe(0.6);
  });

  it('has the same tracks, shots and counts as one that a single tracker has, seams in a shot and at a cut', async () => {
    const alone = await tracked(1, 1500);
    expect(opened).toBe(0);
    expect(alone.found.shots.map((shot) => [shot.in, shot.out])).toEqual([
      [0, TALKING],
      [TALKING, TALKING + EMPTY],
      [TALKING + EMPTY, FRAMES],
    ]);
    expect(alone.found.tracks.length).toBeGreaterThan(1);
    const shared = await tracked(3, 13);
    expect(opened).toBe(2);
    expect(shared.found).toEqual(alone.found);
    expect(shared.progress.at(-1)?.done).toBe(FRAMES);
    expect(alone.progress.at(-1)?.done).toBe(FRAMES);
  }, 120_000);

  it('is tracked by one where the trackers would see other cuts, as behind a stretch of damaged frames', async () => {
    const damaged = new Map(Array.from({ length: 25 }, (_, k) => [6 + k, 'it is torn']));
    const alone = await tracked(1, 1500, { damaged });
    expect((await tracked(3, 13, { damaged })).found).toEqual(alone.found);
  }, 120_000);

  it('has the damage before a seam from the tracker whose frames they are, with its reason', async () => {
    const torn = join(folder, 'torn.dpx');
    const files = [...(reel as FolderReel).files];
    await writeFile(torn, (await readFile(files[24] as string)).subarray(0, 4000));
    files[24] = torn;
    const { signal } = runOptions({});
    const size = { width: 64, height: 36 };
    const decoding = { pool: framePool(3, size.width * size.height * 3), ffmpeg, signal };
    const proxies = watchedProxies({ ...reel, files } as Reel, { in: 20, out: 30 }, size, decoding);
    await lastValueFrom(proxies.frames.pipe(tap(({ loan }) => loan.release())));
    expect(await proxies.damage({ in: TALKING, out: 30 }, signal)).toEqual(new Map());
    const [[frame, reason]] = [...(await proxies.damage({ in: 20, out: TALKING }, signal))] as [[number, string]];
    expect(frame).toBe(24);
    expect(reason).toMatch(/^it cannot be decoded: ./);
  }, 60_000);

  it('leaves no thread open and no tracker busy where it is stopped', async () => {
    const stop = new AbortController();
    const run = trackFrames(
      { in: 0, out: FRAMES },
      {
        ...{ reel, preset, reuse: true, ffmpeg, networks, signal: stop.signal },
        sideBySide: { trackers: 2, span: 20 },
      },
      () => stop.abort(new Error('Enough.')),
    );
    await expect(run).rejects.toThrow('Enough.');
    expect((await tracked(1, 1500)).found.shots).toHaveLength(3);
  }, 120_000);
});
