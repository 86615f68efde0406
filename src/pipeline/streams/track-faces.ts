import type { OperatorFunction } from 'rxjs';
import type { TrackedShot } from '../../carry/track/reel-tracker.ts';
import { contains } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { openLibrary } from '../../model/library.ts';
import { acceptLicences } from '../../model/licence/accepted-licences.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { settledPreset } from '../../settings/settled-preset.ts';
import { withDamage } from '../analysis/decoded-damage.ts';
import { openNetworks } from '../analysis/open-networks.ts';
import { trackingOptions } from '../analysis/track-frames.ts';
import type { InspectJob } from '../job.ts';
import { parseInspect } from '../request/parse-request.ts';
import type { InspectRequest } from '../request/request.ts';
import { runOptions } from '../run-options.ts';
import type { ReelFrame } from './open-reel.ts';
import { type ShotTracking, trackedBy } from './tracked-by.ts';

/** A shot, or the tracked part of one, with its tracks. One begins where the last one ended. */
export interface ReelShot extends TrackedShot {
  /** With the damage that is known by then: with that of the whole reel in the last shot's. */
  readonly reel: Reel;
}

/** How faces are tracked; see `InspectRequest`. */
export type TrackFacesRequest = Pick<
  InspectRequest,
  'preset' | 'settings' | 'models' | 'acceptLicence' | 'reuse' | 'device'
>;

/**
 * Tracks the faces in the frames of one reel, in order. Each shot is emitted a few frames after its end, with its tracks smoothed
 * and in plate pixels. When the source completes, the last shot is emitted as far as it was tracked.
 *
 * The networks run in a worker thread, which is opened with the first frame and ends with the subscription. Frames are held until
 * they are tracked, so that no more than a few are in memory.
 *
 * What differs from `inspectReel`: tracks of earlier runs are neither used nor kept, and with a range the frames beside it, which help to
 * find the cuts near its ends, are not read.
 */
export function trackFaces(request: TrackFacesRequest = {}): OperatorFunction<ReelFrame, ReelShot> {
  // Whatever the reel, so that a request that means nothing is refused at once.
  const job = parseInspect({ ...request, reel: '.' });
  return trackedBy((first, signal) => openTracking(job, first, signal));
}

async function openTracking(
  job: InspectJob,
  { reel, range, picture }: ReelFrame,
  signal: AbortSignal,
): Promise<ShotTracking<ReelFrame, ReelShot>> {
  const preset = await loadPreset(job.preset, RESTORERS, job.settings);
  const proxy = { width: picture.width, height: picture.height };
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  const library = openLibrary();
  await acceptLicences(library, job.acceptLicence ?? []);
  const networks = await openNetworks(job, preset, library, runOptions({ signal }));
  const options = trackingOptions(settledPreset(preset, networks.facts), proxy, scale, job.reuse);
  const { tracking } = networks;
  try {
    await tracking.call('begin', { proxy, options, span: { ...range, frames: reel.frames, first: reel.first } });
  } catch (error) {
    await networks[Symbol.asyncDispose]();
    throw error;
  }
  let last: ReelFrame | undefined;
  let next = range.in;
  const inARow = (shots: readonly TrackedShot[], of: Reel, shown: number): ReelShot[] =>
    shots.map((shot) => {
      const isWhole = shot.out <= shown;
      const row = { in: next, out: isWhole ? shot.out : shown, endsShot: shot.endsShot && isWhole };
      next = row.out;
      return { ...shot, ...row, reel: of };
    });
  return {
    async track(frame) {
      last = frame;
      const rgb = frame.picture.rgb.slice();
      const { shots } = await tracking.call('track', { frame: frame.frame, rgb }, [rgb.buffer]);
      return inARow(shots, reel, frame.frame + 1);
    },
    async end() {
      const { shots } = await tracking.call('end', null);
      const whole = withDamage(reel, range, last?.damage() ?? new Map());
      // Frames behind the last one belong to the shot where they are damaged; the others were not asked for.
      let shown = (last?.frame ?? range.in) + 1;
      while (contains(range, shown) && whole.damaged.has(shown)) shown += 1;
      return inARow(shots, whole, shown);
    },
    close: () => void networks[Symbol.asyncDispose](),
  };
}
