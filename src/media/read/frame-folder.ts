import { basename, join, resolve } from 'node:path';
import type { ColourTags } from '../../film/colour.ts';
import { rational } from '../../film/rational.ts';
import type { FolderReel, StillKind } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { plainLine } from '../ffmpeg/stderr-log.ts';
import { DamagedStill, UnsupportedStill } from '../still/damaged-still.ts';
import type { StillInfo } from '../still/still-info.ts';
import { least, most } from './frame-pattern.ts';
import { checkGaps, type Listing, listSequence } from './list-sequence.ts';
import { listNames, runsOf } from './list-words.ts';
import type { OpenOptions } from './open-options.ts';
import { probeStill } from './probe-still.ts';
import { MisnamedStill, readStills, UnreachableStill } from './read-stills.ts';

const DEFAULT_RATE = rational(24);
/** Whole stills that ffmpeg fails to decode, after which the others are not tried. */
const MOST_FAILURES = 5;

/**
 * Opens a folder of numbered stills, or those of its files that a pattern names (`scan.%04d.dpx`, `scan.####.dpx`,
 * `scan.[1001-1100].dpx`), as one reel.
 *
 * Every file's header is read and its structure checked; a file that cannot be decoded becomes a damaged frame and has no say
 * in what the reel is. Numbers that are missing are an error, or damaged frames when `allowGaps` is set.
 *
 * @throws ReelError with a sentence for the user: nothing there, several sequences, gaps, mixed sizes or samples, nothing
 * decodable.
 */
export async function openFolder(
  path: string,
  options: OpenOptions,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<FolderReel> {
  const absolute = resolve(path);
  const listing = await listSequence(absolute);
  const { folder, sequence, expected } = listing;
  const first = expected?.[0] ?? least([...sequence.files.keys()]);
  const last = expected?.[1] ?? most([...sequence.files.keys()]);
  checkGaps(absolute, listing, { first, last }, options.allowGaps === true);

  const files = Array.from({ length: last - first + 1 }, (_, i) => {
    const name = sequence.files.get(first + i);
    return name === undefined ? null : join(folder, name);
  });
  const stills = await readStills(files, sequence.kind, options.onRead, signal);
  const damaged = new Map<number, string>();
  stills.forEach((still, i) => {
    if (still === null) damaged.set(i, `frame ${first + i} is missing`);
    else if (still instanceof DamagedStill) damaged.set(i, `${basename(files[i] as string)} ${still.message}`);
  });
  const read: ReadFolder = { path: absolute, first, files, stills, damaged, patternOf: listing.patternOf };
  const { probe, at } = await probeFirst(read, sequence.kind, ffmpeg, signal);
  const { format } = probe;
  const info = stills[at] as StillInfo;
  checkUniform(read, format, info);
  return {
    kind: 'folder',
    path: absolute,
    still: sequence.kind,
    // What has no bytes to pass on is as good as missing.
    files: files.map((file, i) => (stills[i] instanceof UnreachableStill ? null : file)),
    width: info.width,
    height: info.height,
    frames: files.length,
    first,
    rate: options.rate ?? info.rate ?? DEFAULT_RATE,
    format,
    pixelFormat: probe.pixelFormat,
    colour: probe.colour,
    transfer: options.transfer === 'auto' ? (info.transfer ?? 'rec709') : options.transfer,
    damaged,
  };
}

/** The files of a folder as they were read. */
interface ReadFolder {
  readonly path: string;
  /** Number of the first. */
  readonly first: number;
  readonly files: readonly (string | null)[];
  readonly stills: readonly (StillInfo | DamagedStill | null)[];
  /** What is wrong with a frame; grows while stills are probed. */
  readonly damaged: Map<number, string>;
  readonly patternOf: Listing['patternOf'];
}

/** ffmpeg's facts of the first still that it can decode; those before it are added to `damaged`. */
async function probeFirst(
  read: ReadFolder,
  kind: StillKind,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<{ probe: { format: SampleFormat; pixelFormat: string; colour: ColourTags }; at: number }> {
  const { files, stills, damaged } = read;
  let failures = 0;
  for (const [at, file] of files.entries()) {
    const still = stills[at];
    if (file === null || !still || still instanceof DamagedStill) continue;
    try {
      const probe = await probeStill(file, kind, ffmpeg, signal);
      const format = formatOf(file, kind, probe.pixelFormat);
      const said = still.pixelFormat && sampleFormat(still.pixelFormat).name;
      if (probe.width !== still.width || probe.height !== still.height || (said !== null && said !== format.name)) {
        throw new ReelError(
          `"${file}" is ${[`${still.width}×${still.height}`, ...(said ? [said] : [])].join(' ')} by its header, but ffmpeg reads it as ${probe.width}×${probe.height} ${format.name}. Save the reel in a plainer form, such as uncompressed TIFF.`,
        );
      }
      return { probe: { ...probe, format }, at };
    } catch (cause) {
      if (!(cause instanceof FfmpegError)) throw cause;
      const why = plainLine(cause.stderr.at(-1) ?? 'it gives no reason');
      damaged.set(at, `${basename(file)} cannot be decoded by ffmpeg: ${why}`);
    }
    failures += 1;
    if (failures === MOST_FAILURES) break;
  }
  throw noneReadable(read, failures);
}

function formatOf(file: string, kind: StillKind, pixelFormat: string): SampleFormat {
  // ffmpeg hands CMYK on as if black were alpha, or turned into RGB by a formula of its own.
  if (kind === 'jpeg' ? /^(gbra|yuva)/.test(pixelFormat) : kind === 'tiff' && pixelFormat === 'rgb0') {
    throw new ReelError(`"${file}" is in CMYK, which is not supported. Save the stills in RGB.`);
  }
  try {
    return sampleFormat(pixelFormat);
  } catch (cause) {
    throw cause instanceof ReelError ? new ReelError(`"${file}": ${cause.message}`, { cause }) : cause;
  }
}

/** What to say where no still came to a picture, after ffmpeg failed at so many that seem whole. */
function noneReadable({ path, files, stills, damaged }: ReadFolder, failures: number): ReelError {
  const there = stills.filter((still) => still !== null).length;
  const none =
    failures === MOST_FAILURES
      ? `The first ${failures} whole stills of "${path}" cannot be decoded. The first`
      : there === 1
        ? `The still of "${path}" cannot be read`
        : `None of the ${there} stills of "${path}" can be read. The first`;
  const at = stills.findIndex((still, i) => files[i] !== null && (failures === 0 || !(still instanceof DamagedStill)));
  return new ReelError(`${none}: ${damaged.get(at)}. ${adviceOn(stills[at])}`);
}

/** What a person can do about a still that comes to no picture; one that is not known as damaged failed in ffmpeg. */
function adviceOn(still: StillInfo | DamagedStill | null | undefined): string {
  if (still instanceof UnsupportedStill) return 'It may well be whole, but is not read in this form.';
  if (still instanceof MisnamedStill) return 'Give the files the extension of what they are.';
  if (still instanceof UnreachableStill) return 'Copy the reel anew, with the files themselves.';
  if (still instanceof DamagedStill) return 'Check where it was written or copied from.';
  return 'Check that it is whole, or save the reel in a plainer form, such as uncompressed TIFF.';
}

/** All good stills must have one size and one layout of samples; the rarest are named. */
function checkUniform(read: ReadFolder, format: SampleFormat, probed: StillInfo): void {
  const { path, first, files, stills, damaged, patternOf } = read;
  const groups = new Map<string, number[]>();
  stills.forEach((still, i) => {
    if (!still || still instanceof DamagedStill || damaged.has(i)) return;
    // Where a header does not tell the samples, they are those of the one that was probed if its does not either.
    const known = still.pixelFormat === null ? null : sampleFormat(still.pixelFormat).name;
    const samples = known ?? (probed.pixelFormat === null ? format.name : 'with samples of another kind');
    const form = `${still.width}×${still.height} ${samples}`;
    const group = groups.get(form);
    if (group) group.push(i);
    else groups.set(form, [i]);
  });
  const [common, ...others] = [...groups].sort((a, b) => b[1].length - a[1].length);
  if (!common || others.length === 0) return;
  const namesOf = (frames: readonly number[]) => frames.map((frame) => basename(files[frame] as string));
  const odd = others.map(([form, frames]) => `${form}: ${listNames(namesOf(frames), 3)}`).join('; ');
  const [run] = runsOf(common[1]).sort((a, b) => b[1] - b[0] - (a[1] - a[0])) as [[number, number]];
  const part = patternOf(Array.from({ length: run[1] - run[0] + 1 }, (_, k) => first + run[0] + k));
  const choice = part === undefined ? '' : `, or choose a part by its pattern, such as "${part}"`;
  throw new ReelError(
    `"${path}" mixes pictures, and a reel has one size and one kind of samples: ${common[1].length} are ${common[0]} (${namesOf(common[1])[0]} …), but ${odd}. Move those elsewhere and add --allow-gaps${choice}.`,
  );
}
