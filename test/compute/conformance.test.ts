import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../src/compute/compute.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { openFloatPool } from '../../src/compute/cpu/float-pool.ts';
import { apart } from './apart.ts';
import { conformanceCases } from './conformance.ts';
import { EXACT, type Tolerance } from './conformance-case.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './gpu/test-gpu.ts';

interface Backend {
  readonly name: string;
  readonly isHere: boolean;
  readonly open: () => Promise<Compute>;
}

/** Every backend there is, by how it is opened. */
const BACKENDS: readonly Backend[] = [
  { name: 'cpu', isHere: true, open: async () => openCpuCompute() },
  { name: 'cpu, without WebAssembly', isHere: true, open: async () => openCpuCompute(openFloatPool(null)) },
  { name: `gpu${GPU_SKIPPED}`, isHere: gpuIsWanted, open: openTestGpu },
];

const cases = conformanceCases();

for (const { name, isHere, open } of BACKENDS) {
  describe.skipIf(!isHere)(`the backend ${name}`, () => {
    let compute: Compute;
    beforeAll(async () => {
      compute = await open();
    });
    afterAll(() => compute[Symbol.asyncDispose]());

    it.each(cases)('answers $operation to $tolerance.name: $input', async ({ found, expected, tolerance }) => {
      const fault = faultOf(await found(compute), expected(), tolerance);
      expect(fault, fault ?? undefined).toBeNull();
    });

    it('answers the same when it is asked again, in memory that was used', async () => {
      for (const { operation, input, found } of cases) {
        const fault = faultOf(await found(compute), await found(compute), EXACT);
        expect(fault, `${operation}, ${input}: ${fault}`).toBeNull();
      }
    });

    it('is asked for every operation', () => {
      const asked = new Set<string>(cases.map(({ operation }) => operation));
      const operations = Object.entries(compute).flatMap(([of, what]) => (typeof what === 'function' ? [of] : []));
      expect(operations.filter((of) => !asked.has(of))).toEqual([]);
    });
  });
}

/** What is wrong, as a sentence; null where nothing is. An expected value that is not a number is not compared. */
function faultOf(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  { most, share, reason }: Tolerance,
): string | null {
  if (found.length !== expected.length) return `${expected.length} values were expected, and ${found.length} came.`;
  const counts = Float64Array.from(expected, (value) => (Number.isNaN(value) ? 0 : 1));
  const { beyond, worst } = apart(found, expected, most, { counts });
  if (beyond <= share * found.length) return null;
  return `${beyond} of ${found.length} values lie more than ${most} from the truth, the worst by ${worst}. ${reason}`;
}
