import { contains, type FrameRange, overlap } from '../../film/range.ts';
import { type Shot, type Take, takesOf } from '../../film/shot.ts';
import type { Target } from '../../media/write/target.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { SideOutput } from '../handover/side-output.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { KeyedTake } from './take-folders.ts';
import { takeContent, takeKey } from './take-key.ts';
import type { TakeOrigin } from './take-origin.ts';

/**
 * The takes of the reel and their keys on a device. A take is touched where a cast track appears in it outside the holdouts. It lies in
 * one chosen shot, or beside all of them.
 */
export function planTakes(
  { preset, tracked, chosen }: Pick<ReelAnalysis, 'preset' | 'tracked' | 'chosen'>,
  tracks: readonly CastTrack[],
  target: Pick<Target, 'coding'>,
  origin: TakeOrigin & { readonly device: RenderingDevice },
): KeyedTake[] {
  const parts = tracked.shots.flatMap((shot) => partsOf(shot, chosen ?? []));
  const takes = takesOf(parts, preset.takes.frames, (range) => isTouched(range, tracks, origin));
  return takes.map((take) => {
    const shot = tracked.shots[take.shot] as Shot;
    const content = takeContent({ take, shot, tracks, coding: target.coding(take) }, origin);
    return { ...take, content, key: takeKey(take, content, origin.device) };
  });
}

/** A shot, cut where a chosen one begins or ends within it. */
function partsOf(shot: Shot, chosen: readonly FrameRange[]): Shot[] {
  const seams = chosen.flatMap((one) => [one.in, one.out]).filter((frame) => frame > shot.in && frame < shot.out);
  const ends = [...new Set([shot.in, ...seams, shot.out])].sort((a, b) => a - b);
  return ends.slice(1).map((out, k) => ({ ...shot, in: ends[k] as number, out }));
}

function isTouched(range: Pick<Take, 'in' | 'out'>, tracks: readonly CastTrack[], { overrides }: TakeOrigin): boolean {
  const isForbidden = (frame: number) =>
    overrides.holdouts.some((holdout) => holdout.box === undefined && contains(holdout, frame));
  return tracks.some((track) => {
    const { in: from, out } = overlap(track, range);
    for (let frame = from; frame < out; frame++) if (!isForbidden(frame)) return true;
    return false;
  });
}

/**
 * What a run's output depends on: two runs with the same key write the same files, and one finds the other's finished; but for takes that
 * the CPU had to take over, which say so in their records. SHA-256, lower-case hex.
 */
export function runKey(
  takes: readonly KeyedTake[],
  { conforming }: Pick<Target, 'conforming'>,
  sides: readonly SideOutput[],
): string {
  return hashOf({ takes: takes.map(({ key }) => key), conforming, sides: sides.map(({ id }) => id) });
}
