import type { Crop } from '../../face/crop.ts';
import { applyX, applyY, scaleOf } from '../../face/similarity.ts';
import { inPlane, type Similarity3 } from '../../motion/similarity3.ts';

/** A crop carried along with a tracked face, whose still points lie at `depth`. */
export function movedCrop(crop: Crop, motion: Similarity3, depth: number): Crop {
  const step = inPlane(motion, depth);
  return {
    x: applyX(step, crop.x, crop.y),
    y: applyY(step, crop.x, crop.y),
    size: crop.size * scaleOf(step),
    angle: crop.angle + Math.atan2(step.b, step.a),
  };
}

/**
 * Share of the way that a carried crop moves towards the landmarks' own crop in a frame. It is small, since the network's answer
 * depends on every pixel of its crop.
 */
const LEAK = 0.05;
/** Greatest distance of a carried crop from the landmarks' own, over its size. Beyond it the carried crop is dropped. */
const ASTRAY = 0.12;

/** A carried crop, moved a little towards the crop of the landmarks just placed. */
export function steadiedCrop(carried: Crop, own: Crop): Crop {
  const turn = Math.atan2(Math.sin(own.angle - carried.angle), Math.cos(own.angle - carried.angle));
  const off = Math.hypot(own.x - carried.x, own.y - carried.y) / own.size;
  if (off > ASTRAY || Math.abs(Math.log(own.size / carried.size)) > ASTRAY || Math.abs(turn) > ASTRAY) return own;
  return {
    x: carried.x + LEAK * (own.x - carried.x),
    y: carried.y + LEAK * (own.y - carried.y),
    size: carried.size + LEAK * (own.size - carried.size),
    angle: carried.angle + LEAK * turn,
  };
}

/** Greatest shift and growth of a dithered crop, over its size, and greatest turn, radians. */
const DITHER = 0.05;

/** The crop, moved, scaled and turned at random, so that a mean over several does not depend on one crop. */
export function ditheredCrop(crop: Crop, random: () => number): Crop {
  const next = () => DITHER * (2 * random() - 1);
  return {
    x: crop.x + next() * crop.size,
    y: crop.y + next() * crop.size,
    size: crop.size * (1 + next()),
    angle: crop.angle + next(),
  };
}
