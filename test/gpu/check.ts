import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Compute } from '../../src/compute/compute.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { type GpuCompute, openGpuCompute } from '../../src/compute/gpu/gpu-compute.ts';
import type { Patch } from '../../src/compute/patch.ts';
import type { PlateColour } from '../../src/compute/plate-colour.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { cutRegion, type Region } from '../../src/film/plate.ts';
import type { FrameRange } from '../../src/film/range.ts';
import { appliedTo } from '../../src/render/applied-to.ts';
import { measureFace } from '../../src/render/face-measure.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { openReplace } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { conformanceCases } from '../compute/conformance.ts';
import { drawnPlate } from '../compute/plates.ts';
import type { DrawnPortrait } from '../golden/drawn-portrait.ts';
import { DRAWN_UPSCALER } from '../golden/drawn-upscaler.ts';
import { drawnPatches, drawnStills } from '../golden/drawn-window.ts';
import type { FloatPatch } from '../restore/on-floats.ts';
import { apart } from './apart.ts';

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

/** Neighbours on each side, and faces that are restored at once where throughput is measured. */
const REACH = 5;
const AT_ONCE = 4;
const PLATE_FORMATS = ['gbrp10le', 'gbrp16le'] as const;
const COLOUR: PlateColour = { tags: {}, transfer: 'log', plateHeight: 1556 };
const CLOSE = 1 / 4096;

interface DrawnFace {
  readonly patch: FloatPatch;
  readonly regions: readonly Region[];
}

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
      const off = apart(there, truth, tolerance.most, known);
      if (off.beyond > tolerance.share * there.length) {
        wrong.push(`${operation}, ${input}: ${off.beyond} of ${off.count}, the worst by ${off.worst}`);
      }
      worst = Math.max(worst, apart(here, there, 0, known).worst);
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

type Name = 'repair' | 'detail' | 'enhance' | 'replace';

async function opened(name: Name, compute: Compute, stills: readonly StillPatch[]): Promise<Restorer> {
  const options = { window: REACH, matteSoftness: 0.12, grainRatio: 1 };
  if (name === 'repair') return openRepair(options, compute);
  if (name === 'detail') return openDetail(stills, { ...options, strength: 1, stills: stills.length }, compute);
  if (name === 'enhance') return openEnhance(DRAWN_UPSCALER, { ...options, strength: 1 }, openWindowTools(compute));
  const [first] = stills as [StillPatch];
  const painted = { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.12, grainRatio: 0.8 } as const;
  return openReplace(stills, first.landmarks, painted, compute);
}

/** One face in its window, and what is done with it from plate to plate. */
interface Bench extends Disposable {
  /** The middle face restored and applied to its plate of the k-th format. */
  face(
    format: number,
  ): Promise<{ readonly rgb: Float32Array; readonly matte: Float32Array; readonly bytes: Uint8Array }>;
  /** A face a call, everything included: its plate is lifted, it is restored, measured and applied. */
  next(): Promise<void>;
}

export async function bench(
  compute: Compute,
  name: Name,
  faces: readonly DrawnFace[],
  stills: readonly StillPatch[],
): Promise<Bench> {
  const restorer = await opened(name, compute, stills);
  const lifted = (k: number, format: number, frame: number): Patch => {
    const { patch, regions } = faces[k] as DrawnFace;
    const place = { size: patch.size, toPatch: patch.toPatch, colour: COLOUR };
    return { ...patch, frame, rgb: compute.lift(regions[format] as Region, place) };
  };
  const windowAround = (patches: readonly Patch[], at: number) => ({
    centre: patches[at] as Patch,
    before: patches.slice(at - REACH, at).reverse(),
    after: patches.slice(at + 1, at + 1 + REACH),
  });
  const applied = async (patch: Patch, k: number, format: number, restored: Parameters<typeof appliedTo>[2]) => {
    const region = (faces[k] as DrawnFace).regions[format] as Region;
    const own = { ...region, bytes: region.bytes.slice() };
    return appliedTo(compute, { region: own, patch, colour: COLOUR }, restored, { frame: 3, seed: 7, inPlace: true });
  };
  // A film that goes on: the drawn frames forth and back.
  const last = faces.length - 1;
  const drawnAt = (frame: number) => Math.abs(((frame + last) % (2 * last)) - last);
  const film: Patch[] = [];
  let filmed = 0;
  let done = 0;
  const open = new Set<number>();
  const ahead = (until: number) => {
    for (; filmed <= until; filmed++) film.push(lifted(drawnAt(filmed), 0, filmed));
  };
  return {
    async face(format) {
      const patches = faces.map((_, k) => lifted(k, format, k));
      const at = faces.length >> 1;
      const answer = await restorer.restore(windowAround(patches, at));
      if ('refused' in answer) throw new Error(`The face was refused: ${answer.refused}.`);
      using restored = answer;
      const [rgb, matte] = [await compute.read(restored.rgb), await compute.read(restored.matte)];
      const { region } = await applied(patches[at] as Patch, at, format, restored);
      for (const { rgb: image } of patches) image[Symbol.dispose]();
      restorer.forget?.(Infinity);
      return { rgb, matte, bytes: region.bytes };
    },
    async next() {
      const frame = REACH + done++;
      open.add(frame);
      ahead(frame + REACH);
      const first = (film[0] as Patch).frame;
      const window = windowAround(film, frame - first);
      const answer = await restorer.restore(window);
      if ('refused' in answer) throw new Error(`The face was refused: ${answer.refused}.`);
      using restored = answer;
      await Promise.all([
        measureFace(compute, window.centre, restored),
        applied(window.centre, drawnAt(frame), 0, restored),
      ]);
      open.delete(frame);
      const needed = Math.min(REACH + done, ...open) - REACH;
      restorer.forget?.(needed);
      while ((film[0] as Patch).frame < needed) film.shift()?.rgb[Symbol.dispose]();
    },
    [Symbol.dispose]() {
      for (const { rgb } of film.splice(0)) rgb[Symbol.dispose]();
      restorer[Symbol.dispose]?.();
    },
  };
}

async function compared(
  gpu: GpuCompute,
  name: Name,
  faces: readonly DrawnFace[],
  stills: readonly StillPatch[],
  seconds: number,
): Promise<boolean> {
  const cpu = openCpuCompute();
  using here = await bench(cpu, name, faces, stills);
  using there = await bench(gpu, name, faces, stills);
  const cells: string[] = [];
  let isRight = true;
  // Where a threshold fell to the other side.
  let flipped = 0;
  for (const k of PLATE_FORMATS.keys()) {
    const [own, other] = [await here.face(k), await there.face(k)];
    if (k === 0) {
      const off = apart(own.rgb, other.rgb, CLOSE, own.matte);
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
async function perFace(bench: Bench, atOnce: number, seconds: number): Promise<number> {
  await Promise.all(Array.from({ length: atOnce }, () => bench.next()));
  const begun = performance.now();
  const end = begun + 1000 * seconds;
  let count = 0;
  const run = async () => {
    do {
      await bench.next();
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
  using there = await bench(timed, 'detail', faces, stills);
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

/** Faces on 10-bit and 16-bit film scans whose patches are the drawn film's. */
export function drawnFaces(portrait: DrawnPortrait, size: number): DrawnFace[] {
  const frames: FrameRange = { in: 0, out: 2 * REACH + 1 };
  return drawnPatches(portrait, { size, scale: size / 256, worn: false, frames }).map((patch) => {
    const toPatch = { a: 1.03125, b: 0.015625, tx: 2.25 + patch.frame / 4, ty: 3.5 - patch.frame / 8 };
    const regions = PLATE_FORMATS.map((format) => {
      const side = size + 8;
      const most = format === 'gbrp10le' ? 1023 : 65535;
      // The format's planes are green, blue, red.
      const plate = drawnPlate(format, side, side, (k, x, y) => {
        const plane = [1, 2, 0][k] as number;
        const at = Math.min(size - 1, y) * size + Math.min(size - 1, x);
        return Math.round(most * (0.1 + 0.7 * (patch.rgb[plane * size * size + at] as number)));
      });
      return cutRegion(plate, regionUnder(toPatch, size, plate));
    });
    return { patch: { ...patch, toPatch }, regions };
  });
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
