import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { liftPatch } from '../../src/compute/cpu/plate/lift.ts';
import type { Region } from '../../src/film/plate.ts';
import { sharedStill } from '../../src/pipeline/stills/stills-to-paint.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { Comped, FaceToLift, TrackToRender } from '../../src/render/face-rendering.ts';
import type { ReplaceOptions } from '../../src/restore/replace.ts';
import { openRenderTeam, type RenderTeam, renderTeam } from '../../src/workers/render-team.ts';
import { drawnMasker } from '../model/drawn-maskers.ts';
import { type DrawnReel, drawnReel, SIZE } from '../render/drawn-reel.ts';
import { inProcess } from '../render/in-process.ts';

const FRAMES = 7;
const ALL = Array.from({ length: FRAMES }, (_, frame) => frame);

let reel: DrawnReel;

beforeAll(async () => {
  reel = await drawnReel(FRAMES);
});

/** Comps some frames of a track, all of which are handed over first. */
async function compedBy(team: RenderTeam, brief: TrackToRender, frames: readonly number[]): Promise<Comped[]> {
  await team.begin(brief);
  for (const frame of frames) team.lift(reel.face(frame));
  const faces = frames.map((frame) => ({ track: brief.track, frame }));
  for (const face of faces) team.hold(face);
  const comped = await Promise.all(faces.map((face) => team.comp(face)));
  await team.end(brief.track);
  return comped.map((one) => {
    if ('refused' in one) throw new Error(`A face was refused: ${one.refused}.`);
    return one;
  });
}

/** What a team makes of two takes, the second of which begins before the first one's end. */
async function madeBy(opened: RenderTeam) {
  await using team = opened;
  const comped = [
    ...(await compedBy(team, reel.brief, ALL.slice(0, 4))),
    ...(await compedBy(team, reel.brief, ALL.slice(2))),
  ];
  return comped.map(({ region, matte, changed }) => ({ region, matte, changed }));
}

describe('a render team', () => {
  it('comps the same bits in one worker, in three and without any, whoever lifted a face and whoever comps it', async () => {
    const alone = await madeBy(openRenderTeam(1));
    expect(alone.filter(({ changed }) => changed !== null)).toHaveLength(9);
    expect(isDeepStrictEqual(await madeBy(openRenderTeam(3)), alone)).toBe(true);
    expect(isDeepStrictEqual(await madeBy(renderTeam([inProcess(faceRenderer())])), alone)).toBe(true);
  });

  it('moves a region to its workers and back: nobody else can read it meanwhile, and nobody copies it', async () => {
    await using team = openRenderTeam(2);
    await team.begin(reel.brief);
    const faces = ALL.map((frame) => reel.face(frame));
    const sizes = faces.map(({ region }) => region.bytes.length);
    for (const face of faces) team.lift(face);
    expect(faces.map(({ region }) => region.bytes.length)).toEqual(ALL.map(() => 0));
    const again = reel.face(3).region;
    team.hold({ track: 't1', frame: 2 });
    team.hold({ track: 't1', frame: 3 });
    const comped = [team.comp({ track: 't1', frame: 2 }), team.comp({ track: 't1', frame: 3, region: again })];
    const made = await Promise.all(comped);
    expect(again.bytes).toHaveLength(0);
    expect(made.map((one) => ('refused' in one ? 0 : one.region.bytes.length))).toEqual(sizes.slice(2, 4));
  });

  it('paints every track from stills that it was given once, in memory that all workers see', async () => {
    const { brief } = reel;
    const { region, toPatch, landmarks } = reel.face(0);
    const rgb = liftPatch(region, { size: SIZE, toPatch, colour: brief.colour });
    const still = sharedStill({ name: 'a still', size: SIZE, rgb, landmarks });
    const options: ReplaceOptions = {
      warp: 'mesh',
      colourTransfer: false,
      membrane: false,
      matteSoftness: 0.16,
      grainRatio: 0,
    };
    const replaced: TrackToRender = {
      ...brief,
      restorer: { name: 'replace', settings: { ...options } },
      stills: [still.id],
    };
    await using team = openRenderTeam(2);
    const painted = async (): Promise<readonly Region[]> => {
      await team.addStill(still);
      return (await compedBy(team, replaced, ALL)).map((one) => one.region);
    };
    const first = await painted();
    expect(first.filter((one, frame) => !isDeepStrictEqual(one, reel.face(frame).region))).toHaveLength(FRAMES);
    expect(isDeepStrictEqual(await painted(), first)).toBe(true);
    // What no thread may do shows that none of them has a copy.
    still.rgb.fill(0);
    const dark = await painted();
    expect(dark.filter((one, k) => isDeepStrictEqual(one, first[k]))).toEqual([]);
  });

  it('tells the frame that could not be lifted', async () => {
    await using team = openRenderTeam(2);
    await team.begin(reel.brief);
    const [first, ...others] = ALL.map((frame) => reel.face(frame)) as [FaceToLift, ...FaceToLift[]];
    team.lift({ ...first, region: { ...first.region, bytes: new Uint8Array(3) } });
    for (const face of others) team.lift(face);
    team.hold({ track: 't1', frame: 0 });
    await expect(team.comp({ track: 't1', frame: 0 })).rejects.toThrow('Invalid typed array length');
  });

  it('tells no worker to comp a face once it was stopped', async () => {
    const renderer = faceRenderer();
    const asked: number[] = [];
    const watched = inProcess({
      ...renderer,
      comp: (face) => {
        asked.push(face.frame);
        return renderer.comp(face);
      },
    });
    await using team = renderTeam([watched]);
    await team.begin(reel.brief);
    for (const frame of ALL) team.lift(reel.face(frame));
    const stop = new AbortController();
    team.hold({ track: 't1', frame: 0 });
    const comped = team.comp({ track: 't1', frame: 0 }, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(comped).rejects.toThrow('stopped');
    await team.end('t1');
    expect(asked).toEqual([]);
  });
});

describe('a render team with a masker', () => {
  it('makes each mask once for all its workers, and the same bits as one renderer alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reelmend-team-'));
    const masker = await drawnMasker(folder, 'xseg', 'green');
    const masking = { models: [masker], classes: null, every: 3, softness: 0.08, settling: 1 };
    const brief: TrackToRender = { ...reel.brief, restorer: { ...reel.brief.restorer, masking } };
    const made: number[] = [];
    const remote = () => {
      const renderer = faceRenderer();
      return inProcess({
        ...renderer,
        mask(face) {
          made.push(face.frame);
          return renderer.mask(face);
        },
      });
    };
    const samples = async (team: RenderTeam) =>
      (await compedBy(team, brief, ALL)).map(({ region, matte, facts }) => ({ region, matte, facts }));
    const together = await samples(renderTeam([remote(), remote()]));
    expect([...made].sort((a, b) => a - b)).toEqual(ALL);
    expect(together.map(({ facts }) => facts?.hidden ?? 1).every((hidden) => hidden < 0.05)).toBe(true);
    expect(isDeepStrictEqual(await samples(renderTeam([remote()])), together)).toBe(true);
    await rm(folder, { recursive: true });
  });
});
