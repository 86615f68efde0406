import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { type GpuCompute, openGpuCompute } from '../../src/compute/gpu/gpu-compute.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { apart } from '../compute/apart.ts';
import { conformanceCases } from '../compute/conformance.ts';
import type { DrawnPortrait } from '../golden/drawn-portrait.ts';
import { drawnStills } from '../golden/drawn-window.ts';
import {
  type DrawnFace,
  drawnFaces,
  type FaceBench,
  faceBench,
  PLATE_FORMATS,
  REACH,
  type RestorerName,
} from './face-bench.ts';

/*
 * What a graphics processor answers beside the processor, and how long it takes: run on every machine that has one.
 * `npm run gpu-check -- --help` says how.
 */

const HELP = `Compares restored faces of a graphics processor with the processor's, and times both.

  npm run gpu-check                        every restorer at 256², 512² and 1024²
  npm run gpu-check -- --sizes 256         one size
  npm run gpu-check -- --adapter llvmpipe  an adapter by a part of its name; one that computes on the processor will do

Options:
  --sizes <list>     sides of the patches, pixels (default 256,512,1024)
  --adapter <name>   part of the adapter's name
  --seconds <n>      how long each timing runs (default 4)
`;

/** Faces that are restored at once where throughput is measured. */
const AT_ONCE = 4;
const CLOSE = 1 / 4096;

export async function check(portrait: DrawnPortrait, args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '256,512,1024' },
      adapter: { type: 'string' },
      seconds: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return true;
  }
  const named = values.adapter;
  const opened = performance.now();
  await using gpu = await openGpuCompute(named ? { named, software: true } : {});
  const { vendor, architecture, device, description } = gpu.adapter;
  print(`${vendor} ${architecture} ${device} ${description}, webgpu ${gpu.version}, opened in ${ms(opened)} ms`);
  let isRight = await conforms(gpu);
  for (const size of values.sizes.split(',').map(Number)) {
    const faces = drawnFaces(portrait, size);
    const stills = [...drawnStills(portrait, size), ...drawnStills(portrait, size).slice(0, 1)];
    print(`\n${size}², ${2 * REACH} neighbours, ${stills.length} stills`);
    print(
      '| restorer | worst | beyond 1/4096, % | equal at 10 bit, % | at 16 bit, % | off by more than 1 | twice the same | CPU ms | GPU ms | GPU faces/s |',
    );
    print('|---|---:|---:|---:|---:|---:|---|---:|---:|---:|');
    for (const name of ['repair', 'detail', 'enhance', 'replace'] as const) {
      isRight = (await compared(gpu, name, faces, stills, Number(values.seconds))) && isRight;
    }
    await printStages(gpu, faces, stills);
  }
  const { lent, most } = gpu.memory;
  print(`\ndevice memory: ${mib(most)} MiB at most, ${mib(lent)} MiB still lent`);
  print(isRight ? 'CHECK PASSED' : 'CHECK FAILED');
  return isRight;
}

/** Every operation beside its truth. */
async function conforms(gpu: GpuCompute): Promise<boolean> {
  const cpu = openCpuCompute();
  const wrong: string[] = [];
  let worst = 0;
  const cases = conformanceCases();
  for (const { operation, input, tolerance, found, expected } of cases) {
    try {
      const truth = expected();
      const [here, there] = [await found(cpu), await found(gpu)];
      const known = Float64Array.from(truth, (v) => (Number.isNaN(v) ? 0 : 1));
      const off = apart(there, truth, tolerance.most, { counts: known });
      if (off.beyond > tolerance.share * there.length) {
        wrong.push(`${operation}, ${input}: ${off.beyond} of ${off.count}, the worst by ${off.worst}`);
      }
      worst = Math.max(worst, apart(here, there, 0, { counts: known }).worst);
    } catch (error) {
      wrong.push(`${operation}, ${input}: ${error instanceof Error ? error.message : error}`);
      if (gpuIsLost(error)) break;
    }
  }
  print(
    `operations: ${cases.length - wrong.length} of ${cases.length} cases right; farthest from the processor ${worst.toExponential(1)}`,
  );
  for (const fault of wrong) print(`  WRONG ${fault}`);
  return wrong.length === 0;
}

function gpuIsLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'GpuError';
}

async function compared(
  gpu: GpuCompute,
  name: RestorerName,
  faces: readonly DrawnFace[],
  stills: readonly StillPatch[],
  seconds: number,
): Promise<boolean> {
  const cpu = openCpuCompute();
  using here = await faceBench(cpu, name, faces, stills);
  using there = await faceBench(gpu, name, faces, stills);
  const cells: string[] = [];
  let isRight = true;
  // Where a threshold fell to the other side.
  let flipped = 0;
  for (const k of PLATE_FORMATS.keys()) {
    const [own, other] = [await here.face(k), await there.face(k)];
    if (k === 0) {
      const off = apart(own.rgb, other.rgb, CLOSE, { counts: own.matte });
      const again = await there.face(k);
      isRight = off.beyond <= 1e-4 * off.count && apart(again.rgb, other.rgb, 0).beyond === 0;
      cells.push(off.worst.toExponential(1), percent(off.beyond / off.count));
      cells.push('', '', '', apart(again.bytes, other.bytes, 0).beyond === 0 ? 'yes' : '**no**');
    }
    const format = (faces[0] as DrawnFace).regions[k]?.format;
    if (!format) throw new Error('Unreachable: a plate is drawn of each format.');
    const words = (bytes: Uint8Array) => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const codes = apart(words(own.bytes), words(other.bytes), 0);
    flipped += apart(words(own.bytes), words(other.bytes), 1).beyond;
    cells[2 + k] = percent(1 - codes.beyond / codes.count);
    isRight = codes.beyond <= (k === 0 ? 1e-4 : 5e-3) * codes.count && flipped <= 1e-4 * codes.count && isRight;
  }
  cells[4] = String(flipped);
  const cpuMs = await perFace(here, 1, seconds);
  const gpuMs = await perFace(there, 1, seconds);
  const gpuTogether = await perFace(there, AT_ONCE, seconds);
  cells.push(cpuMs.toFixed(1), gpuMs.toFixed(2), (1000 / gpuTogether).toFixed(0));
  print(`| ${name} | ${cells.join(' | ')} |${isRight ? '' : ' WRONG'}`);
  return isRight;
}

/** Milliseconds a face, several at once. */
async function perFace(of: FaceBench, atOnce: number, seconds: number): Promise<number> {
  await Promise.all(Array.from({ length: atOnce }, () => of.next()));
  const begun = performance.now();
  const end = begun + 1000 * seconds;
  let count = 0;
  const run = async () => {
    do {
      await of.next();
      count += 1;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return (performance.now() - begun) / count;
}

/** How long the host is held by each operation of a face, which is recorded at once, and waits for those that are read. */
async function printStages(gpu: GpuCompute, faces: readonly DrawnFace[], stills: readonly StillPatch[]): Promise<void> {
  const spent = new Map<string, { calls: number; ms: number }>();
  let isOpen = false;
  let last = performance.now();
  const note = (name: string) => {
    const known = spent.get(name) ?? { calls: 0, ms: 0 };
    known.calls += 1;
    known.ms += performance.now() - last;
    spent.set(name, known);
  };
  const timed = new Proxy(gpu, {
    get(target, name) {
      const operation = target[name as keyof GpuCompute];
      if (typeof operation !== 'function' || typeof name !== 'string' || !isOpen) return operation;
      return (...given: unknown[]) => {
        last = performance.now();
        const answer = Reflect.apply(operation as (...of: unknown[]) => unknown, target, given);
        if (answer instanceof Promise) {
          const begun = last;
          return answer.finally(() => {
            last = begun;
            note(`${name} (waits)`);
          });
        }
        note(name);
        return answer;
      };
    },
  });
  using there = await faceBench(timed, 'detail', faces, stills);
  for (let k = 0; k < 3; k++) await there.next();
  isOpen = true;
  const count = 10;
  const begun = performance.now();
  for (let k = 0; k < count; k++) await there.next();
  const total = performance.now() - begun;
  isOpen = false;
  const rows = [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 18);
  print(`\ndetail, a face ${(total / count).toFixed(2)} ms: where the host's time goes, ms a face (calls)`);
  print(rows.map(([name, { calls, ms: of }]) => `${name} ${(of / count).toFixed(2)} (${calls / count})`).join(', '));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function ms(since: number): string {
  return (performance.now() - since).toFixed(0);
}

function percent(share: number): string {
  return (100 * share).toFixed(4);
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
