import { concat, concatMap, defer, finalize, from, mergeMap, type OperatorFunction } from 'rxjs';
import type { TrackedShot } from '../../carry/track/reel-tracker.ts';
import type { Reel } from '../../film/reel.ts';
import { openLibrary } from '../../model/library.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { openRemote } from '../../workers/rpc.ts';
import type { TrackingService } from '../../workers/tracking-service.ts';
import { chooseModels, modelIds } from '../analysis/choose-models.ts';
import { pullModels } from '../analysis/pull-models.ts';
import { trackingOptions } from '../analysis/track-frames.ts';
import { parseInspect } from '../request/parse-request.ts';
import type { InspectRequest } from '../request/request.ts';
import { runOptions } from '../run-options.ts';
import type { ReelFrame } from './open-reel.ts';

/** A shot, or the tracked part of one, with its tracks. */
export interface ReelShot extends TrackedShot {
  readonly reel: Reel;
}

/** How faces are tracked; see `InspectRequest`. */
export type TrackFacesRequest = Pick<InspectRequest, 'preset' | 'models' | 'reuse' | 'device'>;

/**
 * Tracks the faces in the frames of one reel, in order. Each shot is emitted a few frames after its end, with its tracks smoothed
 * and in plate pixels. When the source completes, the last shot is emitted as far as it was tracked.
 *
 * The networks run in a worker thread, which is opened with the first frame and ends with the subscription.
 */
export function trackFaces(request: TrackFacesRequest = {}): OperatorFunction<ReelFrame, ReelShot> {
  return (frames) =>
    defer(() => {
      let tracker: Promise<Tracker> | undefined;
      const trackerFor = (frame: ReelFrame) => {
        tracker ??= openTracker(request, frame);
        return tracker;
      };
      return concat(
        frames.pipe(concatMap(async (frame) => (await trackerFor(frame)).track(frame))),
        defer(async () => (tracker ? (await tracker).end() : [])),
      ).pipe(
        mergeMap((shots) => from(shots)),
        finalize(() => void tracker?.then((opened) => opened.close()).catch(() => {})),
      );
    });
}

interface Tracker {
  track(frame: ReelFrame): Promise<readonly ReelShot[]>;
  end(): Promise<readonly ReelShot[]>;
  close(): Promise<void>;
}

async function openTracker(request: TrackFacesRequest, { reel, range, picture }: ReelFrame): Promise<Tracker> {
  const job = parseInspect({ ...request, reel: reel.path });
  const preset = await loadPreset(job.preset, RESTORERS);
  const library = openLibrary();
  const models = await chooseModels(library, { ...preset.models, ...job.models }, job.device);
  await pullModels(library, modelIds(models), runOptions({}));
  const proxy = { width: picture.width, height: picture.height };
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  const options = trackingOptions(preset, proxy, scale, job.reuse);
  const span = { ...range, frames: reel.frames, first: reel.first };
  const remote = openRemote<TrackingService>('tracking-worker');
  try {
    await remote.call('open', models);
    await remote.call('begin', { proxy, options, span });
  } catch (error) {
    await remote[Symbol.asyncDispose]();
    throw error;
  }
  let last = range.in - 1;
  const ofReel = (shots: readonly TrackedShot[]): ReelShot[] =>
    shots.map((shot) => (shot.out <= last + 1 ? { ...shot, reel } : { ...shot, out: last + 1, endsShot: false, reel }));
  return {
    async track({ frame, picture: { rgb } }) {
      last = frame;
      return ofReel((await remote.call('track', { frame, rgb })).shots);
    },
    async end() {
      return ofReel((await remote.call('end', null)).shots);
    },
    async close() {
      await remote[Symbol.asyncDispose]();
    },
  };
}
