import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { openSession } from '../../src/model/session.ts';
import { processorTime } from '../processor-time.ts';
import type { Bench } from './bench.ts';
import { convStack, costContract, scrfd10g } from './conv-stack.ts';

const AT_ONCE = 8;
const RUNS = 5;

/** Convolutions of a small detector's kind, on 192 × 192. */
const smallDetector = () =>
  convStack('small-detector', 192, [
    { to: 24, stride: 2, times: 3 },
    { to: 48, stride: 2, times: 4 },
    { to: 96, stride: 2, times: 6 },
    { to: 96, stride: 2, times: 4 },
  ]);

/** What one run of eight pictures costs beside eight runs of one, on one core: why the processor is shown one at a time. */
export const batchBench: Bench = async ({ folder, runs = RUNS, say }) => {
  const rows: (string | number)[][] = [];
  for (const { graph, output, multiplications } of [smallDetector(), scrfd10g()]) {
    say(graph.name);
    const [, ...one] = graph.inputs[0]?.dims ?? [];
    const [, ...answer] = output;
    const path = join(folder, `${graph.name}.onnx`);
    const inputs = [{ name: 'input', dims: [-1, ...one] }];
    const outputs = [{ name: 'features', dims: [-1, ...answer] }];
    await writeFile(path, encodeOnnx({ ...graph, inputs, outputs }));
    await using session = await openSession(path, costContract(graph.name, [1, ...one], output));
    const size = one.reduce((a, b) => a * b, 1);
    const pictures = Float32Array.from({ length: AT_ONCE * size }, (_, k) => (k % 251) / 251);
    const together = async () => {
      await session.runTogether({ input: { data: pictures, shape: [AT_ONCE, ...one] } }, AT_ONCE);
    };
    const singly = async () => {
      for (let k = 0; k < AT_ONCE; k++) await session.run({ input: pictures.subarray(k * size, (k + 1) * size) });
    };
    await together();
    await singly();
    const ms = { singly: Number.POSITIVE_INFINITY, together: Number.POSITIVE_INFINITY };
    for (let run = 0; run < runs; run++) {
      ms.singly = Math.min(ms.singly, await processorMs(singly));
      ms.together = Math.min(ms.together, await processorMs(together));
    }
    rows.push([
      graph.name,
      Math.round(multiplications / 1e6),
      ms.singly / AT_ONCE,
      ms.together / AT_ONCE,
      ms.together / ms.singly,
    ]);
  }
  return {
    tables: [
      {
        title: `Pictures of one network, ${AT_ONCE} at once or one by one (processor time, the least of ${runs})`,
        columns: ['network', 'million multiplications', 'ms a picture, one by one', 'ms a picture, at once', 'ratio'],
        rows,
      },
    ],
    facts: { rows },
    broken: [],
  };
};

async function processorMs(work: () => Promise<void>): Promise<number> {
  const start = processorTime();
  await work();
  return processorTime() - start;
}
