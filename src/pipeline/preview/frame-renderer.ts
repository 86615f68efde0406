import { pictureBytes } from '../../film/sample-format.ts';
import type { Take } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { CPU } from '../../render/rendering-device.ts';
import { framePool } from '../../stream/frame-pool.ts';
import type { FaceStore } from '../kept/face-store.ts';
import { faceKeeper } from '../kept/kept-faces.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { deviceEvent } from '../render/device-event.ts';
import { memoryOfRun, workersOfMachine } from '../render/memory-of-run.ts';
import { renderersFor } from '../render/renderers-for.ts';
import type { RunDevice, TakeOnDevice } from '../render/run-device.ts';
import type { RunOptions } from '../run-options.ts';
import type { PlannedVersion } from './preview-version.ts';
import { type RestoredFrame, renderFrames } from './render-frames.ts';

/** Takes a frame of a take; see `FrameRendering.show`. */
export type ShowFrame = (take: Take, frame: number, restored: RestoredFrame | null) => Promise<void>;

/** Renders frames of versions, on one device and in one pool of plates for all of them. */
export type FrameRenderer = (version: PlannedVersion, takes: readonly Take[], show: ShowFrame) => Promise<void>;

/**
 * @param takes all that will be rendered, which decides how many renderers are worth their start
 * @param options.store where faces are kept for the run that restores them, and found
 */
export async function openFrameRenderer(
  versions: readonly PlannedVersion[],
  takes: readonly Take[],
  device: RunDevice,
  { store, ffmpeg, signal, onEvent }: RunOptions & { readonly store: FaceStore; readonly ffmpeg: Ffmpeg },
): Promise<FrameRenderer> {
  const tracks = versions.flatMap((version) => version.tracks);
  const [first] = versions;
  if (!first) throw new Error('Unreachable: a preview has a version.');
  const { reel, preset } = first.analysis;
  const chosen = tracks.length > 0 ? await device.choose() : null;
  if (chosen) onEvent(deviceEvent(chosen));
  const on = chosen?.device ?? CPU;
  const plans = versions.map((version) => memoryOfRun(reel, version.tracks, on));
  const workers = Math.min(...plans.map((plan) => plan.workers));
  const pool = framePool(
    Math.max(...plans.map(({ plates }) => plates)),
    pictureBytes(reel.format, reel.width, reel.height),
  );
  const onDevice: TakeOnDevice = {
    plates: workers,
    renderers: Math.max(1, renderersFor(takes, tracks, Math.min(workersOfMachine(), workers))),
    lostDevice: preset.takes.lostDevice,
    onEvent,
  };
  return async ({ analysis, tracks, origin }, asked, show) => {
    const keeper = faceKeeper(store, origin, { keeps: true });
    for (const take of asked) {
      let next = take.in;
      await device.renderOn(onDevice, ({ team, device }) =>
        renderFrames(
          { analysis, tracks: tracksOf(tracks, take), take },
          {
            ...{ team, device, keeper, pool, ffmpeg, signal },
            async show(frame, restored) {
              // A take that is begun anew, since its device failed, shows nothing twice.
              if (frame < next) return;
              next = frame + 1;
              await show(take, frame, restored);
            },
          },
        ),
      );
    }
  };
}

function tracksOf(tracks: readonly CastTrack[], take: Take): readonly CastTrack[] {
  return take.touched ? tracks : [];
}
