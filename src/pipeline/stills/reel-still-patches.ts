import { lastValueFrom, tap } from 'rxjs';
import { regionUnder } from '../../compute/region-under.ts';
import type { FaceTrack } from '../../face/track.ts';
import { cutRegion } from '../../film/plate.ts';
import { overlap } from '../../film/range.ts';
import { isEmpty } from '../../film/roi.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { StillPatch } from '../../restore/replace.ts';
import { framePool } from '../../stream/frame-pool.ts';
import type { RenderService, TrackToRender } from '../../workers/render-service.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { Analysis } from '../analysis/analyse.ts';
import { placementIn } from '../render/placement.ts';
import type { ReelStill } from './reel-stills.ts';

type RepairBrief = TrackToRender & { readonly restorer: { readonly name: 'repair' } };

/** Makes stills of the reel's own frames, each once. */
export interface ReelStillMaker extends AsyncDisposable {
  /**
   * The still's face, repaired from its neighbours and without its grain, which belongs to that frame alone. Null where the frame has a light of its own,
   * such as a flash.
   *
   * @param track the still's own
   * @param brief how that track is repaired
   */
  patch(still: ReelStill, track: FaceTrack, brief: RepairBrief): Promise<StillPatch | null>;
}

/** Plates that are out at once: one being read, one being lifted. */
const PLATES = 2;

export function reelStillMaker({ reel, ffmpeg }: Analysis, signal: AbortSignal): ReelStillMaker {
  let worker: Remote<RenderService> | undefined;
  const made = new Map<string, Promise<StillPatch | null>>();
  const pool = framePool(PLATES, pictureBytes(reel.format, reel.width, reel.height));

  const make = async (frame: number, track: FaceTrack, brief: RepairBrief): Promise<StillPatch | null> => {
    worker ??= openRemote<RenderService>('render-worker');
    const remote = worker;
    const { window } = await remote.call('begin', brief);
    const around = overlap(track, { in: frame - window, out: frame + window + 1 });
    const lifts: Promise<void>[] = [];
    await lastValueFrom(
      decodePlates(reel, around, pool, ffmpeg, signal).pipe(
        tap(({ plate, loan }) => {
          const placement = placementIn(track, brief.patchSize, plate.frame);
          const roi = placement && regionUnder(placement.toPatch, brief.patchSize, reel);
          if (roi && !isEmpty(roi)) {
            const region = cutRegion(plate, roi);
            lifts.push(remote.call('lift', { track: brief.track, frame: plate.frame, region, ...placement }));
          }
          loan.release();
        }),
      ),
      { defaultValue: undefined },
    );
    await Promise.all(lifts);
    const patch = await remote.call('still', { track: brief.track, frame });
    return patch && { ...patch, name: `frame ${frame + reel.first}` };
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
