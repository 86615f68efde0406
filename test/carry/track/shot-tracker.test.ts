import { describe, expect, it } from 'vitest';
import { MOST_MISSING } from '../../../src/carry/track/missing-frames.ts';
import { outOf } from '../../../src/carry/track/raw-track.ts';
import { shotTracker } from '../../../src/carry/track/shot-tracker.ts';
import type { Measures, ShotTrackingOptions } from '../../../src/carry/track/tracking-context.ts';
import type { Landmarks } from '../../../src/face/landmarks.ts';
import type { RgbPicture } from '../../../src/face/networks.ts';
import { FACE_MEASURES } from '../../../src/workers/face-measures.ts';
import { drawHead, HEAD, INTER_OCULAR } from '../drawn-head.ts';
import { type Actor, headAt, STAGE_OPTIONS, stageMeasures, stageOf } from '../drawn-stage.ts';

/** The film's own motion is not measured here. */
const SMALL = { width: 1, height: 1, samples: new Float32Array(1) };

interface Watched {
  /** First frame and the one behind the last, by track. */
  readonly tracks: [number, number][];
  readonly raw: ReturnType<ReturnType<typeof shotTracker>['close']>;
  readonly searches: string[];
  readonly counts: ReturnType<typeof shotTracker>['counts'];
}

/** Watches a stage for some frames as one shot. */
async function watch(
  frames: number,
  show: (frame: number) => readonly Actor[],
  more: {
    readonly options?: Partial<ShotTrackingOptions>;
    readonly measures?: Measures;
    readonly missing?: (frame: number) => boolean;
    readonly draw?: (frame: number) => RgbPicture;
  } = {},
): Promise<Watched> {
  const stage = stageOf(show, more.draw);
  const tracker = shotTracker(stage.networks, more.measures ?? stageMeasures(), { ...STAGE_OPTIONS, ...more.options });
  for (let frame = 0; frame < frames; frame++) {
    if (!more.missing?.(frame)) await tracker.track(frame, stage.picture(frame), SMALL);
  }
  const raw = tracker.close();
  return {
    raw,
    tracks: raw.map((track) => [track.in, outOf(track)]),
    searches: tracker.searches.map(({ frame, reason }) => `${reason} ${frame}`),
    counts: tracker.counts,
  };
}

const actor = (x = 0, more: Partial<Actor> = {}): Actor => ({ name: 'a', landmarks: headAt(x), ...more });
const HEAD_PICTURE = drawHead();
/** The network runs in every frame. */
const UNSKIPPED = { skip: { ...STAGE_OPTIONS.skip, age: 0 } };
const between = (frame: number, from: number, out: number) => frame >= from && frame < out;

describe('a face on a shot', () => {
  it('has one track while it stays, and the whole picture is searched at sweeps only', async () => {
    const { tracks, searches, counts } = await watch(60, () => [actor()]);
    expect(tracks).toEqual([[0, 60]]);
    expect(searches).toEqual(['sweep 0', 'sweep 24', 'sweep 48']);
    expect(counts.recogniser).toEqual({ identity: 3 });
  });

  it('that enters between two sweeps is followed back to its first frame, wherever that is', async () => {
    for (const entrance of [1, 13, 23, 24, 25, 40]) {
      const { tracks } = await watch(60, (frame) => (frame >= entrance ? [actor(frame)] : []));
      expect(tracks, `entrance at ${entrance}`).toEqual([[entrance, 60]]);
    }
  });

  it('that leaves ends its track where it was last seen; the picture is searched soon and then less and less often', async () => {
    const { tracks, searches } = await watch(80, (frame) => (frame < 30 ? [actor()] : []));
    expect(tracks).toEqual([[0, 30]]);
    expect(searches.slice(2)).toEqual([
      'loss 30',
      'sweep 31',
      'sweep 32',
      'sweep 34',
      'sweep 38',
      'sweep 46',
      'sweep 62',
    ]);
  });

  it('that comes back is found after no more frames than it was away, as another track', async () => {
    const { tracks, raw } = await watch(90, (frame) => (between(frame, 30, 41) ? [] : [actor()]));
    expect(tracks).toEqual([
      [0, 30],
      [41, 90],
    ]);
    expect(raw.map(({ identitySamples }) => Array.from(identitySamples[0]?.embedding ?? []))).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('is lost where its presence is below the floor, and not where it is only low', async () => {
    const presence = (value: number) => watch(40, (frame) => [actor(0, frame === 20 ? { presence: value } : {})]);
    expect((await presence(0.55)).tracks).toEqual([[0, 40]]);
    expect((await presence(0.45)).tracks).toEqual([
      [0, 20],
      [21, 40],
    ]);
  });

  it('that the network sees in the mirror only is found by a second look, and seen in the mirror first from then on', async () => {
    const { tracks, counts } = await watch(40, () => [actor(0, { presence: 0.1, mirroredPresence: 0.9 })]);
    expect(tracks).toEqual([[0, 40]]);
    // One second look in all: at the detector's crop, where it is found.
    expect(counts.landmarker).toEqual({ identity: 2, mirror: 1, follow: 39 });
  });

  it('that turns to its other side is looked at twice where it turns', async () => {
    const { tracks, counts } = await watch(40, (frame) => [
      actor(0, frame < 20 ? { presence: 0.9, mirroredPresence: 0.3 } : { presence: 0.3, mirroredPresence: 0.9 }),
    ]);
    expect(tracks).toEqual([[0, 40]]);
    expect(counts.landmarker).toEqual({ identity: 2, mirror: 1, follow: 39 });
  });

  it('is looked at once where the network is sure, and what neither look sees is no face', async () => {
    expect((await watch(30, () => [actor(0, { presence: 0.5 })])).counts.landmarker).not.toHaveProperty('mirror');
    const unseen = await watch(30, () => [actor(0, { presence: 0.4, mirroredPresence: 0.45 })]);
    expect(unseen.tracks).toEqual([]);
    expect(unseen.counts.landmarker).toEqual({ identity: 2, mirror: 2 });
  });

  describe('in whose track the network has lapses', () => {
    const still = (frame: number, lapse: (frame: number) => boolean, detected = true) =>
      lapse(frame) ? actor(0, { presence: 0.1, detected }) : actor();
    const lapsed = (lapse: (frame: number) => boolean, detected?: boolean) =>
      watch(24, (frame) => [still(frame, lapse, detected)], {
        measures: FACE_MEASURES,
        draw: () => HEAD_PICTURE,
        options: UNSKIPPED,
      });

    it('keeps it where the detector sees it, carried by its texture', async () => {
      const { tracks, raw, searches, counts } = await lapsed((frame) => between(frame, 8, 8 + MOST_MISSING));
      expect(tracks).toEqual([[0, 24]]);
      // In each lapse the network looks where the face was followed to, and where the detector sees it; a second time each.
      const looks = { identity: 2, follow: 23, loss: MOST_MISSING, mirror: 2 * MOST_MISSING };
      expect(counts.landmarker).toEqual(looks);
      const decisions = raw[0]?.observations.map(({ decision }) => decision.landmarker) ?? [];
      expect(decisions.flatMap((landmarker, frame) => (landmarker === 'lapse' ? [frame] : []))).toEqual(
        Array.from({ length: MOST_MISSING }, (_, k) => 8 + k),
      );
      // A lapse is searched for in its own frame; no sweeps follow it.
      expect(searches.filter((search) => search.startsWith('sweep'))).toEqual(['sweep 0']);
    });

    it('loses it where the detector does not see it either, or after a few of them in a row', async () => {
      expect((await lapsed((frame) => between(frame, 8, 11), false)).tracks).toEqual([
        [0, 8],
        [11, 24],
      ]);
      expect((await lapsed((frame) => between(frame, 8, 9 + MOST_MISSING))).tracks[0]).toEqual([0, 8 + MOST_MISSING]);
    });
  });

  it('may run fast, but does not jump by more than its own width', async () => {
    const run = (step: number) => watch(12, (frame) => [actor(frame < 6 ? 0 : step)]);
    expect((await run(0.8 * INTER_OCULAR)).tracks).toEqual([[0, 12]]);
    // Beyond its crop it is lost there, and found again by the search that follows.
    expect((await run(3 * INTER_OCULAR)).tracks).toEqual([
      [0, 6],
      [6, 12],
    ]);
  });

  it('does not grow by half from one frame to the next', async () => {
    const grown = (by: number): Landmarks => HEAD.map((v) => v * by - 150 * (by - 1));
    const { tracks } = await watch(12, (frame) => [actor(0, { landmarks: frame < 6 ? HEAD : grown(1.8) })]);
    expect(tracks).toEqual([
      [0, 6],
      [6, 12],
    ]);
    expect((await watch(12, (frame) => [actor(0, { landmarks: frame < 6 ? HEAD : grown(1.2) })])).tracks).toEqual([
      [0, 12],
    ]);
  });

  it('is dropped after two sweeps that miss it where its presence is low, and kept where it is high', async () => {
    const unseen = (presence: number) => watch(80, (frame) => [actor(0, { presence, detected: frame === 0 })]);
    expect((await unseen(0.8)).tracks).toEqual([[0, 49]]);
    expect((await unseen(0.97)).tracks).toEqual([[0, 80]]);
  });

  it('keeps only the older of two tracks that run onto it', async () => {
    const { tracks } = await watch(30, (frame) =>
      frame < 10 ? [actor(), actor(150, { name: 'b' })] : [actor(frame < 15 ? 75 : 0)],
    );
    expect(tracks.filter(([, out]) => out === 30)).toHaveLength(1);
    for (let frame = 10; frame < 30; frame++) {
      expect(tracks.filter(([from, out]) => between(frame, from, out)).length).toBeLessThanOrEqual(1);
    }
  });

  it('beside another has a track of its own', async () => {
    const { tracks, raw } = await watch(40, (frame) => [
      actor(),
      ...(frame >= 10 ? [actor(150, { name: 'b' as const })] : []),
    ]);
    expect(tracks).toEqual([
      [0, 40],
      [10, 40],
    ]);
    expect(raw.map(({ identitySamples }) => identitySamples[0]?.embedding.indexOf(1))).toEqual([0, 1]);
  });

  it('is one track across a few missing frames, and two across many', async () => {
    const gap = (count: number) =>
      watch(40, (frame) => [actor(2 * frame)], { missing: (frame) => between(frame, 20, 20 + count) });
    for (const count of [1, MOST_MISSING]) {
      const { tracks, raw } = await gap(count);
      expect(tracks).toEqual([[0, 40]]);
      expect(raw[0]?.observations.filter(({ decision }) => decision.landmarker === 'missing')).toHaveLength(count);
    }
    expect((await gap(MOST_MISSING + 1)).tracks).toEqual([
      [0, 20],
      [20 + MOST_MISSING + 1, 40],
    ]);
  });

  it('is followed back across missing frames too', async () => {
    const { tracks } = await watch(40, (frame) => (frame >= 9 ? [actor()] : []), {
      missing: (frame) => between(frame, 15, 18),
    });
    expect(tracks).toEqual([[9, 40]]);
  });

  it('has an identity sample before it is due, once it shows better than at poor ones', async () => {
    const quality = (poor: number) =>
      stageMeasures((landmarks) => ((landmarks[0] as number) > (headAt(9)[0] as number) ? 0.9 : poor));
    const identitySamples = async (poor: number) =>
      (await watch(20, (frame) => [actor(frame)], { measures: quality(poor) })).raw[0]?.identitySamples.map(
        ({ frame }) => frame,
      );
    expect(await identitySamples(0.2)).toEqual([0, 10]);
    expect(await identitySamples(0.7)).toEqual([0]);
  });

  it('has every network run in every frame where reuse is off', async () => {
    const { tracks, counts } = await watch(10, () => [actor()], { options: { reuse: false } });
    expect(tracks).toEqual([[0, 10]]);
    expect(counts).toEqual({ detector: { every: 10 }, landmarker: { every: 10 }, recogniser: { every: 10 } });
  });
});

describe('a face whose texture is tracked', () => {
  /** A drawn head that stays, on the stage of a network that answers what `landmarks` says. */
  async function watchDrawn(frames: number, landmarks: (frame: number) => Landmarks, auditShare = 0) {
    const picture = drawHead();
    const stage = stageOf(
      (frame) => [{ name: 'a', landmarks: landmarks(frame) }],
      () => picture,
    );
    const tracker = shotTracker(stage.networks, FACE_MEASURES, { ...STAGE_OPTIONS, auditShare });
    for (let frame = 0; frame < frames; frame++) await tracker.track(frame, stage.picture(frame), SMALL);
    return { track: tracker.close()[0], counts: tracker.counts };
  }

  it('and still has the landmark network skipped, until the age limit is reached', async () => {
    const { track, counts } = await watchDrawn(20, () => HEAD);
    const decisions = track?.observations.map(({ decision }) => decision.landmarker) ?? [];
    expect(decisions.slice(0, 5)).toEqual(['identity', 'unsure', 'unsure', 'unsure', 'unsure']);
    expect(decisions.slice(5, 16).every((why) => why === 'skip')).toBe(true);
    expect(decisions[16]).toBe('age');
    expect(counts.landmarker).toEqual({ identity: 2, follow: 5 });
    expect(track?.limitHalvings).toBe(0);
  });

  it('has its limits halved once a run after skipped frames shows that carrying was off, and records it', async () => {
    const lipsFall: Landmarks = HEAD.map((v, i) =>
      i % 3 === 1 && (HEAD[i] as number) > (HEAD[3 * 2 + 1] as number) ? v + 0.12 * INTER_OCULAR : v,
    );
    const { track } = await watchDrawn(26, (frame) => (frame < 8 ? HEAD : lipsFall));
    expect(track?.limitHalvings).toBe(1);
    const decisions = track?.observations.map(({ decision }) => decision) ?? [];
    expect(decisions[16]?.limitDivisor).toBe(1);
    expect(decisions[17]?.limitDivisor).toBe(2);
    expect(
      decisions.findIndex(({ landmarker, age }, k) => k > 16 && landmarker === 'age' && age === 6),
    ).toBeGreaterThan(16);
  });

  it('is audited in the requested share of skipped runs, whose answers are compared, not used', async () => {
    const { track, counts } = await watchDrawn(14, () => HEAD, 1);
    expect(track?.audits.length).toBe(track?.observations.filter(({ origin }) => origin === 'carried').length);
    expect(counts.landmarker.audit).toBe(track?.audits.length);
    expect(track?.audits.every(({ rigid, cosine }) => rigid < 0.002 && cosine > 0.999)).toBe(true);
  });
});
