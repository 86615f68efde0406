import type { InferenceCounts } from '../../carry/track/inference-counts.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FolderReel } from '../../film/reel.ts';
import type { SettledPreset } from '../../settings/settled-preset.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { Size, TrackingService } from '../../workers/tracking-service.ts';
import { trackingOptions } from '../analysis/track-frames.ts';

/** A picture by itself is a reel of one frame. */
const SPAN = { in: 0, out: 1, frames: 1, first: 1 } as const;

/** The faces of a picture, as tracks of one frame, in plate pixels. */
export async function facesOfPicture(
  tracking: Remote<TrackingService>,
  { rgb, proxy, reel }: { readonly rgb: Uint8Array<ArrayBuffer>; readonly proxy: Size; readonly reel: FolderReel },
  { preset, reuse }: { readonly preset: SettledPreset; readonly reuse: boolean },
): Promise<{ readonly tracks: readonly FaceTrack[]; readonly counts: InferenceCounts }> {
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  await tracking.call('begin', { proxy, options: trackingOptions(preset, proxy, scale, reuse), span: SPAN });
  const { shots } = await tracking.call('track', { frame: 0, rgb }, [rgb.buffer]);
  const { shots: last, counts } = await tracking.call('end', null);
  return { tracks: [...shots, ...last].flatMap((shot) => shot.tracks), counts };
}
