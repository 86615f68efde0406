import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { frameNumber } from '../../film/reel.ts';
import { describeJob, type JobInput, type JobOutput } from '../ffmpeg/job.ts';
import { feedJob, startJob } from '../ffmpeg/supervisor.ts';
import { planarFormat } from '../read/decode.ts';
import { type Encoded, framesPattern, type MasterRun, unfinishedPath } from './encode-masters.ts';
import { hashesIn } from './frame-hashes.ts';
import { type Master, type MasterSource, masterFilters } from './master.ts';
import { bitsOf } from './master-codec.ts';

/** How near a master's pictures are to the reel's. */
export interface Nearness {
  /** True where every frame has the reel's own samples. */
  readonly same: boolean;
  /** The worst frames, in the reel's numbering; PSNR in dB, infinite where all samples are equal. Absent where hashes were compared. */
  readonly psnr?: { readonly least: number; readonly frame: number };
  readonly ssim?: { readonly least: number; readonly frame: number };
  /** The first frame that differs, where hashes were compared and one does. */
  readonly differs?: number;
  /** Frames that were compared. */
  readonly frames: number;
}

/** Units a second in which frames are numbered for a comparison: the k-th is held to the k-th. */
const TICKS = 25;

/**
 * Decodes written masters and compares each frame with the reel's: where every sample is to come back, by its hash; else by PSNR
 * and SSIM against the reel through the same conversion, decoded once for all of them.
 */
export async function comparePictures(
  masters: readonly Master[],
  source: MasterSource,
  encoded: Encoded,
  { ffmpeg, signal, work, onFrame }: MasterRun,
): Promise<Nearness[]> {
  const { reel, range } = source;
  const lossy = masters.filter((master) => !comesBack(master, source));
  const picture = lossy.length > 0 ? encoded.again() : null;
  const inputs: JobInput[] = [
    ...(picture ? [picture.input] : []),
    ...masters.map((one) => masterInput(one, source, work)),
  ];
  const first = picture ? 1 : 0;
  const at = (master: Master) => first + masters.indexOf(master);
  const hashed = masters.filter((master) => !lossy.includes(master));
  const outputs: JobOutput[] = [
    ...lossy.map((_, k) => ({
      target: 'pipe:1',
      options: ['-map', `[done${k}]`, ...ffmpeg.passthrough, '-f', 'null'],
    })),
    ...hashed.map((master) => ({
      target: `file:${join(work, `hashes-${at(master)}`)}`,
      options: [
        ...['-map', `${at(master)}:V:0`, ...ffmpeg.passthrough, '-c:v', 'rawvideo', '-pix_fmt', planarFormat(reel)],
        ...['-f', 'framehash', '-hash', 'murmur3', '-y'],
      ],
    })),
  ];
  const graph = picture ? ['-filter_complex', comparison(lossy, picture.filters, at)] : [];
  const [head, ...rest] = outputs as [JobOutput, ...JobOutput[]];
  const [one, ...others] = inputs as [JobInput, ...JobInput[]];
  const job = startJob(
    describeJob(ffmpeg.ffmpeg, {
      name: `Comparing ${masters.map(({ path }) => `"${basename(path)}"`).join(', ')} with the reel`,
      cwd: work,
      stdin: picture?.input.stdin !== undefined,
      inputs: [{ ...one, options: ['-progress', 'pipe:1', '-stats_period', '0.5', ...(one.options ?? [])] }, ...others],
      outputs: [{ ...head, options: [...graph, ...head.options] }, ...rest],
    }),
    signal,
  );
  const fed = picture?.input.stdin === undefined ? undefined : feedJob(job, picture.input.stdin);
  try {
    for await (const chunk of job.stdout as Readable as AsyncIterable<Buffer>) {
      const frame = [...chunk.toString('latin1').matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1];
      if (frame !== undefined) onFrame(Number(frame));
    }
    await fed;
    await job.done;
  } finally {
    await job.stop();
  }
  const numbered = (k: number) => frameNumber(reel, range.in + k);
  return Promise.all(
    masters.map(async (master): Promise<Nearness> => {
      if (hashed.includes(master)) {
        const found = hashesIn(await readFile(join(work, `hashes-${at(master)}`), 'utf8'));
        const differs = encoded.hashes.findIndex((hash, k) => hash !== found[k]);
        const same = differs < 0 && found.length === encoded.hashes.length;
        return { same, frames: found.length, ...(differs < 0 ? {} : { differs: numbered(differs) }) };
      }
      const [psnr, ssim] = await Promise.all([
        valuesIn(join(work, `psnr-${at(master)}.log`), /psnr_avg:(\S+)/),
        valuesIn(join(work, `ssim-${at(master)}.log`), /All:(\S+)/),
      ]);
      const worst = (values: readonly number[]) => {
        const least = Math.min(...values);
        return { least, frame: numbered(values.indexOf(least)) };
      };
      return { same: psnr.every((one) => one === Infinity), psnr: worst(psnr), ssim: worst(ssim), frames: psnr.length };
    }),
  );
}

/** True where the master's samples, decoded into the reel's own format, are to be the reel's. */
export function comesBack({ form, coding }: Master, { reel }: Pick<MasterSource, 'reel'>): boolean {
  if (form.floors !== null) return false;
  return (
    form.container !== 'frames' ||
    (bitsOf(coding.coded.pixelFormat) >= reel.format.bits && reel.format.planes.length === 3)
  );
}

function masterInput(master: Master, { reel, range }: MasterSource, work: string): JobInput {
  const path = unfinishedPath(master, work);
  if (master.form.container !== 'frames') return { source: `file:${path}`, options: ['-noautorotate'] };
  const start = ['-start_number', `${frameNumber(reel, range.in)}`, '-framerate', `${TICKS}`];
  return { source: `file:${framesPattern(path, master)}`, options: ['-f', 'image2', ...start, '-noautorotate'] };
}

function comparison(lossy: readonly Master[], filters: readonly string[], at: (master: Master) => number): string {
  const counted = `settb=1/${TICKS},setpts=N`;
  const reels = lossy.map((_, k) => `[reel${k}]`).join('');
  return [
    `[0:V:0]${[...filters, `split=${lossy.length}`].join(',')}${reels}`,
    ...lossy.flatMap((master, k) => {
      const format = `format=${master.coding.coded.pixelFormat}`;
      const number = at(master);
      return [
        `[reel${k}]${[...masterFilters(master), format, counted].join(',')},split=2[a${k}][b${k}]`,
        `[${number}:V:0]${format},${counted}[m${k}]`,
        `[m${k}][a${k}]psnr=stats_file=psnr-${number}.log[p${k}]`,
        `[p${k}][b${k}]ssim=stats_file=ssim-${number}.log[done${k}]`,
      ];
    }),
  ].join(';');
}

async function valuesIn(path: string, pattern: RegExp): Promise<number[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line) => {
    const value = pattern.exec(line)?.[1];
    return value === undefined ? [] : [value === 'inf' ? Infinity : Number(value)];
  });
}
