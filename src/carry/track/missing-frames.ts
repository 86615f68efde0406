import type { Landmarks } from '../../face/landmarks.ts';
import type { MeasuredLight } from '../../face/observation.ts';
import { mix } from '../../film/interpolate.ts';
import { carryPoints, root3 } from '../../motion/similarity3.ts';
import { decisionOf } from './frame-decision.ts';
import type { RawObservation } from './raw-observation.ts';

/**
 * Most frames in a row that may be missing within a track, a quarter of a second. After more, a face is found anew, not followed.
 */
export const MOST_MISSING = 6;

/**
 * Observations for the frames between `before` and `after` that cannot be read, then `after` itself with the step from the last
 * of them. The face moves by an equal part of its tracked step in each frame. Without a step it moves in a straight line.
 *
 * @param after its step carries `before` to it, across all `count` missing frames
 */
export function acrossMissing(before: RawObservation, after: RawObservation, count: number): RawObservation[] {
  const step = after.step && root3(after.step, count + 1);
  const film = after.film && root3(after.film, count + 1);
  const observations: RawObservation[] = [];
  let last = before.landmarks;
  for (let k = 1; k <= count; k++) {
    const share = k / (count + 1);
    const landmarks: Landmarks = step
      ? carryPoints(step, last)
      : before.landmarks.map((v, i) => v + share * ((after.landmarks[i] as number) - v));
    observations.push({
      landmarks,
      presence: Math.min(before.presence, after.presence),
      light: lightBetween(before.light, after.light, share),
      step,
      film,
      origin: 'carried',
      decision: decisionOf('missing', k + (before.origin === 'carried' ? before.decision.age : 0)),
    });
    last = landmarks;
  }
  return [...observations, { ...after, step, film }];
}

function lightBetween(a: MeasuredLight, b: MeasuredLight, share: number): MeasuredLight {
  return {
    exposure: mix(a.exposure, b.exposure, share),
    colour: a.colour.map((v, i) => mix(v, b.colour[i] as number, share)),
    band: a.band.map((v, i) => mix(v, b.band[i] as number, share)),
    blur: a.blur === null || b.blur === null ? (a.blur ?? b.blur) : mix(a.blur, b.blur, share),
    grain: mix(a.grain, b.grain, share),
  };
}
