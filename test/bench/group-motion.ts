import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import { transformLandmarks } from '../../src/face/similarity.ts';
import { type ClipOptions, type KnownClip, knownMotionClip } from './known-motion.ts';
import type { StillFaces } from './still-faces.ts';

/** A still of several faces moved as a whole. */
export interface GroupClip extends Omit<KnownClip, 'face'> {
  /** The faces before the motion, one unit between the eyes of their mean, flat. */
  readonly faces: readonly Landmarks[];
}

/** What is shown around the faces, distances between the eyes. */
const AROUND = 3;

/** `interOcular`: the mean of the faces'. */
export function groupClip({ file, still, faces }: StillFaces, options: ClipOptions): GroupClip {
  const fives = faces.map(fivePoints);
  const unit = fives.reduce((sum, five) => sum + interOcular(five), 0) / fives.length;
  const [x, y] = [0, 1].map((c) => {
    const at = fives.map((five) => five[4 + c] as number);
    return { middle: (Math.min(...at) + Math.max(...at)) / 2, span: (Math.max(...at) - Math.min(...at)) / unit };
  }) as [{ middle: number; span: number }, { middle: number; span: number }];
  const upright = { a: 1 / unit, b: 0, tx: -x.middle / unit, ty: -y.middle / unit };
  const placed = faces.map((face) => transformLandmarks(upright, face));
  const clip = knownMotionClip(
    { file, still, upright, landmarks: placed[0] as Landmarks },
    { ...options, size: [x.span + 2 * AROUND, y.span + 2 * AROUND] },
  );
  return { ...clip, faces: placed.map((face) => face.map((v, i) => (i % 3 === 2 ? 0 : v))) };
}
