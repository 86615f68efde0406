import type { ExrFacts } from '../../../../src/media/still/exr/exr-header-bytes.ts';
import type { ExrSamples } from '../../../../src/media/still/exr/write-exr.ts';

/** A patch, as it were: its samples lie in a part of the frame, which begins elsewhere than at 0. */
export const DRAWN_FACTS = {
  data: { left: -3, top: 21, width: 21, height: 37 },
  display: { left: -10, top: 4, width: 64, height: 61 },
  pixelAspect: 2,
  timecode: '23:59:59;29',
  rate: { num: 30000, den: 1001 },
  chromaticities: { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] },
  texts: {
    owner: 'nobody',
    comments: 'drawn for a test, ½ of it flat',
    'drawn/an attribute whose name is longer than thirty-one bytes': 'a long name',
  },
} as const satisfies Omit<ExrFacts, 'compression'>;

/** Halves and a float channel, in the order of no file: waves, and among them every kind of number. */
export function drawnChannels(): ExrSamples[] {
  const { width, height } = DRAWN_FACTS.data;
  const samples = (phase: number) =>
    Float32Array.from({ length: width * height }, (_, k) => {
      const odd = ODD[k - 100];
      return odd ?? (k > 400 ? 0.5 : Math.sin(phase + k / 7) * 0.6 + 0.4);
    });
  return [
    { name: 'R', type: 'half', samples: samples(0) },
    { name: 'G', type: 'half', samples: samples(1) },
    { name: 'depth.Z', type: 'float', samples: samples(2) },
    { name: 'B', type: 'half', samples: samples(3) },
    { name: 'A', type: 'half', samples: samples(4) },
  ];
}

const ODD = [0, -0, Infinity, -Infinity, Number.NaN, 65504, 65519, 65520, 1e-8, 2 ** -24, 2 ** -15, -1e30, 1 / 3];
