import { join, resolve } from 'node:path';
import { OutputError } from '../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import { parseRational } from '../../film/rational.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import type { EditLog } from '../../provenance/edit-log.ts';
import { readEditLogFile } from '../../provenance/read-edit-log.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { EDIT_LOG } from '../evidence/write-edit-log.ts';
import { restorePlate } from './restore-plate.ts';
import { verifyApprovals } from './verify-approvals.ts';
import { verifyCredentials } from './verify-credentials.ts';
import { verifyFiles } from './verify-files.ts';
import { verifyPlates } from './verify-plates.ts';

/** What is to be proved of an output. */
export interface VerifyRequest {
  readonly out: string;
  /** The report's folder; undefined = `<out>.report`. */
  readonly report?: string | undefined;
  /** The reel that it was made of; undefined = it is not looked at. */
  readonly reel?: string | undefined;
  /** The plate of a frame, in the reel's own numbering, is written to a file. */
  readonly plate?: { readonly frame: number; readonly to: string } | undefined;
  readonly ffmpeg?: string | undefined;
}

/** What was found. */
export interface Verdict {
  /** What is proved, and what could not be told, as sentences. */
  readonly proved: readonly string[];
  /** What is not as it should be; proved where there is nothing. */
  readonly faults: readonly string[];
  /** SHA-256 of the log's last line, lower-case hex; null where there is no log. */
  readonly seal: string | null;
}

/**
 * Proves that an output is the one that its edit log describes, that the log is whole, and, with the reel, that nothing else was
 * altered. Content credentials, in it or beside it, are read, too.
 *
 * @throws OutputError where there are neither log nor credentials; UsageError for a frame that the output does not have; ReelError for a reel that cannot be
 *   read
 */
export async function verifyOutput(request: VerifyRequest, signal: AbortSignal): Promise<Verdict> {
  const out = resolve(request.out);
  const read = await logOf(out, request.report).catch(async (error: unknown) => {
    const alone = await verifyCredentials(out, null);
    const isAskedForMore = [request.report, request.reel, request.plate].some((one) => one !== undefined);
    if (!alone.credentials || isAskedForMore) throw error;
    return { ...alone, proved: [...alone.proved, 'There is no edit log: nothing was held to one.'], seal: null };
  });
  if (!('log' in read)) return read;
  const { log, faults, seal } = read;
  const signed = await verifyCredentials(out, read.sha256);
  const proved: string[] = [...signed.proved];
  if (!log) return { proved, faults: [...faults, ...signed.faults], seal };
  if (faults.length === 0) proved.push(whole(log));
  const masterOf = signed.credentials?.named?.masterOf;
  if (masterOf) {
    const { name, sha256 } = log.header.output;
    const of = masterOf.sha256 === sha256 ? [] : [`It is no master of "${name}", which the log is of.`];
    const asked = request.reel === undefined ? [] : ['A master is not held to a reel: give the output that it is of.'];
    if (signed.faults.length + of.length === 0) proved.push(`The log is of "${name}", of which it is a master.`);
    return { proved, faults: [...faults, ...signed.faults, ...of, ...asked], seal };
  }
  const folder = resolve(request.report ?? `${out}.report`);
  const approvals = await verifyApprovals(folder, { log, seal }, signed.credentials?.named?.approvals ?? null);
  const ffmpeg = await findFfmpeg({ path: request.ffmpeg });
  const files = await verifyFiles(out, log, { ffmpeg, signal });
  const isSigned =
    files.rewrapped && signed.holdsFile && signed.credentials?.named?.output === log.header.output.sha256;
  const all = [...faults, ...signed.faults, ...approvals.faults, ...(isSigned ? [] : files.faults)];
  if (isSigned) proved.push(`"${out}" is the file that was written, but for the credentials in it.`);
  proved.push(...files.proved, ...approvals.proved);
  if (request.reel === undefined) {
    if (request.plate) throw new UsageError('Add --reel: a plate is restored from the reel, and held to the log.');
    return { proved, faults: all, seal };
  }

  const { header } = log;
  const open = { transfer: 'auto', rate: parseRational(header.reel.rate), allowGaps: true } as const;
  const reel = await probeReel(request.reel, open, ffmpeg, signal);
  const output = await probeReel(out, open, ffmpeg, signal).catch((error: unknown) => {
    all.push(`"${out}" cannot be read as a reel: ${(error as Error).message}`);
    return null;
  });
  if (!output) return { proved, faults: all, seal };
  const range = request.plate ? frameRange(request.plate.frame, log) : header.range;
  const plates = await verifyPlates(reel, output, log, range, { ffmpeg, signal });
  all.push(...plates.faults);
  proved.push(...plates.proved);
  if (request.plate && plates.platesHold) {
    proved.push(await restorePlate(reel, range.in, request.plate.to, { ffmpeg, signal }));
  } else if (request.plate) {
    all.push(
      `The plate of frame ${request.plate.frame} was not written: it is not known to be the one that was restored.`,
    );
  }
  return { proved, faults: all, seal };
}

function whole({ header, frames, takes }: EditLog): string {
  const { in: from, out } = header.range;
  return `The log is whole: ${frames.length} of ${lengthOf({ in: from, out })} frames were altered, in ${takes.length} takes.`;
}

async function logOf(out: string, report: string | undefined): ReturnType<typeof readEditLogFile> {
  const path = join(resolve(report ?? `${out}.report`), EDIT_LOG);
  return readEditLogFile(path).catch((cause: unknown) => {
    throw new OutputError(
      path,
      `"${path}" cannot be read: ${(cause as Error).message}. Give the report's folder by --report; outputs of versions that wrote no log cannot be verified by one.`,
      { cause },
    );
  });
}

function frameRange(number: number, { header }: EditLog): FrameRange {
  const frame = number - header.reel.first;
  const { in: from, out } = header.range;
  if (frame >= from && frame < out) return { in: frame, out: frame + 1 };
  const [first, last] = [header.reel.first + from, header.reel.first + out - 1];
  throw new UsageError(`--restore-plate ${number}: the output has frames ${first} to ${last}. Give one of these.`);
}
