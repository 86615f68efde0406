import type { RawObservation } from '../../src/carry/track/raw-observation.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import type { Light } from '../../src/face/observation.ts';

const LIGHT: Light = { exposure: 0.4, colour: [0, 0, 0, 0, 0, 0], band: new Float32Array(3), blur: 0, grain: 0 };

/** What a sighter would have noted of a face that was seen, or carried where `reason` is `rest`. */
export function rawObservation(
  landmarks: Landmarks,
  reason: RawObservation['decision']['landmarker'] = 'motion',
  { presence = 0.99, exposure = 0.4 }: { readonly presence?: number; readonly exposure?: number } = {},
): RawObservation {
  return {
    landmarks,
    presence,
    light: { ...LIGHT, exposure },
    step: null,
    film: null,
    origin: reason === 'skip' ? 'carried' : 'detected',
    decision: {
      landmarker: reason,
      recogniser: null,
      refiner: null,
      limitDivisor: 1,
      age: 1,
      motion: 0,
      tiles: 0,
      disagreement: null,
    },
  };
}
