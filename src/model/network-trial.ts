import { graphBuilder } from '../convert/graph-builder.ts';
import { encodeOnnx } from '../convert/onnx-graph.ts';
import type { RunningDevice } from './network-device.ts';
import { firstLineOf, ranOnce } from './open-on-device.ts';

/** Side and planes of the trial's input, and planes of its answer. */
const SIDE = 12;
const PLANES = 3;
const ANSWERS = 4;
/** How much an answer may differ: accelerators multiply with 10 bits of precision where they may. */
const TOLERANCE = 5e-3;

/** Numbers between −1 and 1 that look like noise: the same everywhere. */
function numbers(count: number, step: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((i * step) % 101) / 50.5 - 1);
}

const PICTURE = numbers(PLANES * SIDE * SIDE, 37);
const WEIGHTS = numbers(ANSWERS * PLANES * 9, 29);

/** One convolution of 3 × 3 and a rectifier, as an ONNX file. */
export function trialNetwork(): Uint8Array {
  const graph = graphBuilder();
  graph.input('picture', [1, PLANES, SIDE, SIDE]);
  const weights = graph.floats([ANSWERS, PLANES, 3, 3], WEIGHTS);
  const sums = graph.node('Conv', ['picture', weights], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  graph.output('answer', graph.node('Relu', [sums]), [1, ANSWERS, SIDE, SIDE]);
  return encodeOnnx(graph.finish('trial'));
}

/** Its answer, summed here. */
export function trialAnswer(): Float32Array {
  const out = new Float32Array(ANSWERS * SIDE * SIDE);
  for (let o = 0; o < out.length; o++) {
    const [plane, y, x] = [Math.floor(o / SIDE ** 2), Math.floor(o / SIDE) % SIDE, o % SIDE];
    let sum = 0;
    for (let k = 0; k < PLANES * 9; k++) {
      const [c, v, u] = [Math.floor(k / 9), y + (Math.floor(k / 3) % 3) - 1, x + (k % 3) - 1];
      if (u < 0 || v < 0 || u >= SIDE || v >= SIDE) continue;
      sum += (WEIGHTS[plane * PLANES * 9 + k] as number) * (PICTURE[(c * SIDE + v) * SIDE + u] as number);
    }
    out[o] = Math.max(0, sum);
  }
  return out;
}

/** Runs a tiny network on a device. Resolves with null where its answer is right, else with what is wrong, as a sentence. */
export async function tryDevice(device: RunningDevice): Promise<string | null> {
  try {
    return faultIn(
      await ranOnce(trialNetwork(), device, { name: 'picture', data: PICTURE, shape: [1, PLANES, SIDE, SIDE] }),
    );
  } catch (error) {
    return firstLineOf(error);
  }
}

/** What is wrong with an answer; null where nothing is. */
export function faultIn(answer: Float32Array): string | null {
  const right = trialAnswer();
  const most = right.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (answer[i] ?? Number.NaN))), 0);
  if (answer.length === right.length && most <= TOLERANCE) return null;
  return `It answers a trial network otherwise than it should (by ${most.toPrecision(2)} where ${TOLERANCE} may be): update its driver.`;
}
