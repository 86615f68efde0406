import type { Landmarks } from '../../../face/landmarks.ts';
import { faceOutline } from '../../../face/outline.ts';
import { applyX, applyY, invert, type Similarity } from '../../../face/similarity.ts';
import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import type { Scratch } from '../../scratch.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { findScratches } from './find-scratches.ts';
import { pictureOfRegion } from './region-picture.ts';
import { lineSignals } from './scratch-signal.ts';

/** Lines are looked for at this height of the whole plate, or the next larger whole fraction of it: that is how fine they are on film. */
const HEIGHT = 720;

/** A face on a plate: where its patch lies, and its landmarks there. */
interface FaceOnPlate {
  readonly toPatch: Similarity;
  readonly landmarks: Landmarks;
}

/**
 * The lines down the film that cross a face. They are looked for in the plate's own rows and columns, above and below the face too, by the
 * processor whatever the backend: plates lie with it.
 *
 * @param region of the plate under the face's patch
 */
export function scratchesUnder(
  region: Region,
  { toPatch, landmarks }: FaceOnPlate,
  colour: PlateColour,
  pool: FloatPool = FRESH,
): readonly Scratch[] {
  const { roi } = region;
  const pitch = Math.max(1, Math.round(colour.plateHeight / HEIGHT));
  const [width, height] = [Math.floor(roi.width / pitch), Math.floor(roi.height / pitch)];
  if (width === 0 || height === 0) return [];
  using picture = pictureOfRegion(region, { pitch, width, height }, colour, pool);
  const toPlate = invert(toPatch);
  const outline = faceOutline(landmarks);
  const onPicture = Float32Array.from(outline, (_, i) => {
    const [u, v] = [outline[i & ~1], outline[i | 1]];
    return i % 2 === 0 ? (applyX(toPlate, u, v) - roi.x) / pitch : (applyY(toPlate, u, v) - roi.y) / pitch;
  });
  const ways = findScratches(picture.luma, picture, onPicture);
  if (ways.length === 0) return [];
  return lineSignals({ width, height, rgb: picture.rgb() }, ways).map(({ x, ...signal }) => ({
    ...signal,
    top: roi.y,
    pitch,
    x: x.map((v) => roi.x + pitch * v),
  }));
}
