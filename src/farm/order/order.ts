import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TRACKING_VERSION } from '../../carry/track/tracking-version.ts';
import { codeOf } from '../../disk/durable.ts';
import { packageVersion } from '../../disk/package-version.ts';
import { publishFile } from '../../disk/publish-file.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { runtimeVersion } from '../../model/runtime.ts';
import { reelOfWritten, reelSchema, writtenReel } from '../../pipeline/analysis/reel-schema.ts';
import type { RestoreJob } from '../../pipeline/job.ts';
import { orderFolder } from '../../pipeline/work/order-folder.ts';
import type { OutputPlace } from '../../pipeline/work/output-life.ts';
import { RENDER_VERSION } from '../../restore/render-version.ts';
import { OrderError } from './order-error.ts';

export const ORDER_FORMAT = 'reelmend-order/1';

/** What decides which bytes a program makes: a step is done by programs that agree in all of them. */
export interface Versions {
  readonly program: string;
  readonly render: number;
  readonly tracking: number;
  readonly ffmpeg: string;
  /** Of the program that runs networks. */
  readonly runtime: string;
}

/** A part of a reel that is tracked in one step: the shots that begin in `own`, of the frames that are tracked together with it. */
export interface OrderSpan {
  readonly range: FrameRange;
  readonly own: FrameRange;
}

/** One reel to be restored by several machines. It lies beside the output, and says all that a machine must know. */
export interface Order {
  /** SHA-256, lower-case hex, of what the output depends on: the same reel, job and versions are the same order. */
  readonly id: string;
  /** What the file `token` beside it holds: who reads another is in another folder. */
  readonly token: string;
  /** See `reelPrint`. */
  readonly print: string;
  readonly versions: Versions;
  /** When, ISO 8601, and by which machine. */
  readonly submitted: string;
  readonly by: string;
  /** Frames of the output. */
  readonly frames: number;
  readonly spans: readonly OrderSpan[];
  /** Its paths are those of the machine that submitted it; small files that it names lie in the order's own folder. */
  readonly job: RestoreJob;
}

const range = z.object({ in: z.int().nonnegative(), out: z.int().nonnegative() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const orderSchema = z.object({
  format: z.literal(ORDER_FORMAT),
  id: sha256,
  token: z.string(),
  print: z.string(),
  versions: z.object({
    program: z.string(),
    render: z.int(),
    tracking: z.int(),
    ffmpeg: z.string(),
    runtime: z.string(),
  }),
  submitted: z.string(),
  by: z.string(),
  frames: z.int().nonnegative(),
  spans: z.array(z.object({ range, own: range })),
  // It was parsed when it was submitted, by a program of the same version; see `assertVersions`.
  job: z.custom<RestoreJob>((given) => typeof given === 'object' && given !== null),
});

/** Where an order's output, work and report are, as one machine sees them. */
export type OrderPlace = Pick<OutputPlace, 'out' | 'work' | 'report'>;

/** The files of an order. `work` is the work folder of its output. */
export function orderFiles(work: string) {
  const folder = orderFolder(work);
  return {
    folder,
    order: join(folder, 'order.json'),
    reel: join(folder, 'reel.json'),
    given: join(folder, 'given'),
    spans: join(folder, 'spans'),
    /** Networks and contracts that its steps need. */
    store: join(folder, 'store'),
    /** What only this order has, and no other of the same output. */
    own: (id: string) => join(folder, id.slice(0, 16)),
  };
}

/** This program's versions. @param ffmpeg version of the ffmpeg that it runs */
export function ownVersions(ffmpeg: string): Versions {
  return {
    program: packageVersion(),
    render: RENDER_VERSION,
    tracking: TRACKING_VERSION,
    ffmpeg,
    runtime: runtimeVersion(),
  };
}

/** The versions as a person compares them. */
export function describeVersions({ program, render, tracking, ffmpeg, runtime }: Versions): string {
  return `Reelmend ${program} (pixels ${render}, tracks ${tracking}) with ffmpeg ${ffmpeg} and onnxruntime ${runtime}`;
}

/** @throws OutputError where it cannot be written */
export async function writeOrder(work: string, order: Order, reel: Reel): Promise<void> {
  const files = orderFiles(work);
  await publishFile(files.reel, JSON.stringify(writtenReel(reel)));
  await publishFile(files.order, `${JSON.stringify({ format: ORDER_FORMAT, ...order }, null, 2)}\n`);
}

/** Null where there is none. @throws OrderError for one that cannot be read */
export async function readOrder(work: string): Promise<Order | null> {
  const { order: path } = orderFiles(work);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new OrderError(`The order "${path}" cannot be read: ${(cause as Error).message}.`, { cause });
  });
  if (text === null) return null;
  try {
    const { format: _, ...order } = orderSchema.parse(JSON.parse(text));
    return order;
  } catch (cause) {
    throw new OrderError(
      `The order "${path}" is damaged or of another version of Reelmend. Submit the reel again; what is finished is used.`,
      { cause },
    );
  }
}

/** The reel of an order, as the machine that submitted it saw it. @throws OrderError */
export async function readOrderReel(work: string): Promise<Reel> {
  const { reel: path } = orderFiles(work);
  try {
    return reelOfWritten(reelSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (cause) {
    throw new OrderError(
      `The reel of the order, "${path}", cannot be read: ${(cause as Error).message}. Submit the reel again; what is finished is used.`,
      { cause },
    );
  }
}
