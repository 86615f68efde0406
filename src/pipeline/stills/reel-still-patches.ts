import { lastValueFrom, tap } from 'rxjs';
import type { FaceTrack } from '../../face/track.ts';
import { cutRegion } from '../../film/plate.ts';
import { overlap } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { FaceRenderer, SharedStill, TrackToRender } from '../../render/face-rendering.ts';
import { placementIn } from '../../render/placement.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { ReelStill } from './reel-stills.ts';
import { sharedStill } from './stills-to-paint.ts';

/** Makes stills of the reel's own frames, each once. */
export interface ReelStillMaker extends AsyncDisposable {
  /**
   * The still's face, repaired from its neighbours and without its grain, which belongs to that frame alone. Null where the frame has a light of its own,
   * such as a flash.
   *
   * @param track the still's own
   * @param brief how that track is repaired
   */
  patch(still: ReelStill, track: FaceTrack, brief: TrackToRender): Promise<SharedStill | null>;
}

/** Plates that are out at once: one being read, one being lifted. */
const PLATES = 2;

export function reelStillMaker(reel: Reel, ffmpeg: Ffmpeg, signal: AbortSignal): ReelStillMaker {
  let worker: Remote<FaceRenderer> | undefined;
  const made = new Map<string, Promise<SharedStill | null>>();
  const pool = framePool(PLATES, pictureBytes(reel.format, reel.width, reel.height));

  const make = async (frame: number, track: FaceTrack, brief: TrackToRender): Promise<SharedStill | null> => {
    worker ??= openRemote<FaceRenderer>('render-worker');
    const remote = worker;
    const { window } = await remote.call('begin', brief);
    const around = overlap(track, { in: frame - window, out: frame + window + 1 });
    const lifts: Promise<unknown>[] = [];
    await lastValueFrom(
      decodePlates(reel, around, { pool, ffmpeg, signal }).pipe(
        tap(({ plate, loan }) => {
          const placement = placementIn(track, brief.patchSize, plate.frame, reel);
          if (placement && !isEmpty(placement.roi)) {
            const { roi, toPatch, landmarks, light } = placement;
            const region = cutRegion(plate, roi);
            const face = { track: brief.track, frame: plate.frame, region, toPatch, landmarks, light };
            lifts.push(remote.call('lift', face, [region.bytes.buffer]));
          }
          loan.release();
        }),
      ),
      { defaultValue: undefined },
    );
    await Promise.all(lifts);
    const patch = await remote.call('still', { track: brief.track, frame });
    return patch && sharedStill({ ...patch, name: `frame ${frame + reel.first}` });
  };

  return {
    patch(still, track, brief) {
      const key = `${still.track} ${still.frame}`;
      const patch = made.get(key) ?? make(still.frame, track, brief);
      made.set(key, patch);
      return patch;
    },
    async [Symbol.asyncDispose]() {
      await worker?.[Symbol.asyncDispose]();
    },
  };
}
