import type { Plate } from '../../film/plate.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import type { FramePool } from '../../stream/frame-pool.ts';
import type { RenderTeam } from '../../workers/render-team.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { FaceKeeper } from '../kept/kept-faces.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import type { CompedFace, FaceObserver } from '../render/comp-plate.ts';
import { holdoutsAt } from '../render/holdouts.ts';
import { renderTake } from '../render/render-take.ts';

/** A frame whose faces are restored. */
export interface RestoredFrame {
  readonly plate: Plate;
  /** In the order in which they were comped, each with its region as it was before. */
  readonly faces: readonly CompedFace[];
}

export interface FramesToRender {
  readonly analysis: ReelAnalysis;
  readonly tracks: readonly CastTrack[];
  readonly take: Take;
}

export interface FrameRendering {
  readonly team: RenderTeam;
  readonly device: RenderingDevice;
  readonly keeper: FaceKeeper;
  readonly pool: FramePool;
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
  /** Takes the frames of the take in order; the plate is its to change until it resolves. Null for one that cannot be read. */
  readonly show: (frame: number, restored: RestoredFrame | null) => Promise<void>;
}

/** Renders a take as `renderTake` does, to be looked at: nothing is encoded, and nothing is gathered for a report. */
export async function renderFrames(
  { analysis: { reel, tracked, overrides }, tracks, take }: FramesToRender,
  { team, device, keeper, pool, ffmpeg, signal, show }: FrameRendering,
): Promise<void> {
  const shot = tracked.shots[take.shot] as Shot;
  const comped = new Map<number, readonly CompedFace[]>();
  const observer: FaceObserver = {
    keeps: null,
    wish: () => null,
    draws: () => [],
    compares: () => true,
    embed: async () => null,
    async comped({ plate: { frame }, faces }) {
      comped.set(frame, faces);
    },
  };
  await renderTake(take, {
    reel,
    shot,
    tracks,
    holdouts: (frame) => holdoutsAt(overrides, frame, reel),
    team,
    kept: (draws) => keeper.find({ take, shot, tracks: tracksIn(tracks, take), device }, draws),
    decode: (frames) => decodePlates(reel, frames, { pool, ffmpeg, signal }),
    place: { folder: '', signal, note: () => {} },
    observer,
    onFace: () => {},
    onFrame: () => {},
    target: {
      openTake: async () => ({
        async write(plate) {
          const faces = comped.get(plate.frame) ?? [];
          comped.delete(plate.frame);
          await show(plate.frame, { plate, faces });
        },
        pass: (frame) => show(frame, null),
        finish: async () => null,
        [Symbol.asyncDispose]: async () => {},
      }),
    },
  });
}
