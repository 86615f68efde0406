import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ColourTags } from '../film/colour.ts';
import { rational } from '../film/rational.ts';
import type { FolderReel, StillKind } from '../film/reel.ts';
import { ReelError } from '../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../film/sample-format.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { FfmpegError } from './ffmpeg-error.ts';
import {
  describeNumbers,
  describeSequence,
  type FrameSequence,
  findSequences,
  least,
  most,
  parseFramePattern,
  sequenceOf,
  stillKindOf,
} from './frame-pattern.ts';
import type { OpenOptions } from './open-options.ts';
import { probeStill } from './probe-still.ts';
import { DamagedStill } from './still/damaged-still.ts';
import { readStill } from './still/still.ts';
import type { StillInfo } from './still/still-info.ts';

const DEFAULT_RATE = rational(24);
/** Files that are read at once while a reel is opened: enough to keep a network disk busy. */
const READERS = 8;
/** A gap wider than this is a stray number, not a reel. */
const WIDEST_REEL = 1_000_000;

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
  const { folder, sequence, expected } = await listSequence(absolute);
  const first = expected?.[0] ?? least([...sequence.files.keys()]);
  const last = expected?.[1] ?? most([...sequence.files.keys()]);
  checkGaps(absolute, sequence, first, last, options.allowGaps === true);

  const files = Array.from({ length: last - first + 1 }, (_, i) => {
    const name = sequence.files.get(first + i);
    return name === undefined ? null : join(folder, name);
  });
  const stills = await readAll(files, sequence.kind, signal);
  const damaged = new Map<number, string>();
  stills.forEach((still, i) => {
    if (still === null) damaged.set(i, `frame ${first + i} is missing`);
    else if (still instanceof DamagedStill) damaged.set(i, `${basename(files[i] as string)} ${still.message}`);
  });
  const { probe, at } = await probeFirst(absolute, files, stills, damaged, sequence.kind, ffmpeg, signal);
  const format = sampleFormat(probe.pixelFormat);
  checkUniform(absolute, files, stills, damaged, format);

  const info = stills[at] as StillInfo;
  return {
    kind: 'folder',
    path: absolute,
    still: sequence.kind,
    files,
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

interface Listing {
  readonly folder: string;
  readonly sequence: FrameSequence;
  /** First and last number that the pattern asks for. */
  readonly expected: readonly [number, number] | null;
}

async function listSequence(path: string): Promise<Listing> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path : dirname(path);
  const names = await stillsIn(folder, path);
  if (isFolder) return { folder, sequence: onlySequence(path, names), expected: null };

  const pattern = parseFramePattern(path);
  const kind = stillKindOf(basename(path));
  if (!pattern || !kind) {
    throw new ReelError(
      `"${path}" is neither a folder nor a pattern of stills. Give a folder, or a pattern such as scan.%04d.dpx or scan.####.dpx with the extension dpx, tif, png, jpg or exr.`,
    );
  }
  const sequence = sequenceOf(pattern, kind, names);
  if (sequence.files.size === 0) {
    const others = findSequences(names).sequences;
    const there =
      others.length > 0 ? `There are: ${list(others.map(describeSequence))}` : 'There are no numbered stills';
    throw new ReelError(`No file in "${folder}" matches the pattern ${basename(path)}. ${there}.`);
  }
  checkTwice(path, sequence);
  return { folder, sequence, expected: pattern.numbers };
}

async function stillsIn(folder: string, asked: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && stillKindOf(entry.name) !== undefined)
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? `there is no folder "${folder}"` : code === 'EACCES' ? 'reading it is not permitted' : code;
    throw new ReelError(`"${asked}" cannot be read: ${why}. Check the path.`, { cause });
  }
}

/** The folder's one numbered sequence. Stills without a number beside it (a poster, a contact sheet) are not part of it. */
function onlySequence(folder: string, names: readonly string[]): FrameSequence {
  const { sequences, unnumbered } = findSequences(names);
  const [sequence, another] = sequences;
  if (sequence && another) {
    throw new ReelError(
      `"${folder}" holds ${sequences.length} numbered sequences, and a reel is one: ${list(sequences.map(describeSequence))}. Choose one by its pattern, such as "${join(folder, `${sequence.prefix}####${sequence.suffix}`)}".`,
    );
  }
  if (sequence) {
    checkTwice(folder, sequence);
    return sequence;
  }
  const [only] = unnumbered;
  if (only !== undefined && unnumbered.length === 1) {
    const kind = stillKindOf(only) as StillKind;
    return { kind, prefix: '', suffix: only, files: new Map([[1, only]]), twice: [] };
  }
  if (only !== undefined) {
    throw new ReelError(
      `"${folder}" holds ${unnumbered.length} stills without numbers (${list(unnumbered)}), and a reel is one numbered sequence. Number the files, such as scan.0001.dpx.`,
    );
  }
  throw new ReelError(
    `"${folder}" holds no stills. Files such as scan.0001.dpx were expected (dpx, tif, png, jpg or exr): check the path.`,
  );
}

function checkTwice(path: string, { twice }: FrameSequence): void {
  if (twice.length === 0) return;
  throw new ReelError(
    `"${path}" holds the same frame number more than once (${list(twice)}). Name all files with the same number of digits, or choose some by a pattern such as scan.%04d.dpx.`,
  );
}

function checkGaps(path: string, { files }: FrameSequence, first: number, last: number, allowed: boolean): void {
  if (files.size === last - first + 1) return;
  if (last - first >= WIDEST_REEL) {
    throw new ReelError(
      `"${path}" is numbered from ${first} to ${last} but has only ${files.size} files. Move the stray files elsewhere, or choose a range such as scan.[${first}-${first + files.size}].dpx.`,
    );
  }
  if (allowed) return;
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((number) => !files.has(number));
  throw new ReelError(
    `"${path}" is numbered from ${first} to ${last}, and ${missing.length === 1 ? 'frame' : `${missing.length} frames`} ${describeNumbers(missing)} ${missing.length === 1 ? 'is' : 'are'} missing. Put the files there, or add --allow-gaps to leave the gaps as they are.`,
  );
}

/** Each file's header, or what is wrong with it; null where there is no file. */
async function readAll(
  files: readonly (string | null)[],
  kind: StillKind,
  signal: AbortSignal | undefined,
): Promise<(StillInfo | DamagedStill | null)[]> {
  const stills: (StillInfo | DamagedStill | null)[] = files.map(() => null);
  let next = 0;
  const reader = async () => {
    for (let i = next++; i < files.length; i = next++) {
      signal?.throwIfAborted();
      const file = files[i];
      if (file) stills[i] = await readOne(file, kind);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return stills;
}

async function readOne(file: string, kind: StillKind): Promise<StillInfo | DamagedStill> {
  try {
    return await readStill(file, kind);
  } catch (cause) {
    if (cause instanceof DamagedStill) return cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    const why =
      code === 'EACCES' ? 'this user may not read it' : code === 'ENOENT' ? 'it does not exist (a broken link?)' : code;
    throw new ReelError(`"${file}" cannot be read: ${why}. Check the file and its permissions.`, { cause });
  }
}

/** What ffmpeg says of the first still that it can decode; those before it that it cannot are added to `damaged`. */
async function probeFirst(
  path: string,
  files: readonly (string | null)[],
  stills: readonly (StillInfo | DamagedStill | null)[],
  damaged: Map<number, string>,
  kind: StillKind,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<{ probe: { pixelFormat: string; colour: ColourTags }; at: number }> {
  for (const [at, file] of files.entries()) {
    const still = stills[at];
    if (file === null || !still || still instanceof DamagedStill) continue;
    try {
      const probe = await probeStill(file, kind, ffmpeg, signal);
      const [said, read] = [
        still.pixelFormat && sampleFormat(still.pixelFormat).name,
        sampleFormat(probe.pixelFormat).name,
      ];
      if (probe.width !== still.width || probe.height !== still.height || (said !== null && said !== read)) {
        throw new ReelError(
          `"${file}" is ${still.width}×${still.height} ${said} by its header, but ffmpeg reads it as ${probe.width}×${probe.height} ${read}. Save the reel in a plainer form, such as uncompressed TIFF.`,
        );
      }
      return { probe, at };
    } catch (cause) {
      if (!(cause instanceof FfmpegError)) throw cause;
      damaged.set(at, `${basename(file)} cannot be decoded by ffmpeg: ${cause.stderr.at(-1) ?? cause.message}`);
    }
    if (
      damaged.size >= 5 &&
      stills.every((other, i) => !other || other instanceof DamagedStill || i > at || damaged.has(i))
    )
      break;
  }
  const reason = damaged.values().next().value ?? '';
  throw new ReelError(
    `None of the ${files.length} stills of "${path}" can be decoded. The first: ${reason}. Check where they were written or copied from.`,
  );
}

/** All good stills must have one size and one layout of samples; the rarest are named. */
function checkUniform(
  path: string,
  files: readonly (string | null)[],
  stills: readonly (StillInfo | DamagedStill | null)[],
  damaged: ReadonlyMap<number, string>,
  format: SampleFormat,
): void {
  const groups = new Map<string, string[]>();
  stills.forEach((still, i) => {
    if (!still || still instanceof DamagedStill || damaged.has(i)) return;
    const samples = still.pixelFormat === null ? format.name : sampleFormat(still.pixelFormat).name;
    const form = `${still.width}×${still.height} ${samples}`;
    const group = groups.get(form) ?? [];
    group.push(basename(files[i] as string));
    groups.set(form, group);
  });
  const [most, ...others] = [...groups].sort((a, b) => b[1].length - a[1].length);
  if (!most || others.length === 0) return;
  const odd = others.map(([form, names]) => `${form}: ${list(names, 3)}`).join('; ');
  throw new ReelError(
    `"${path}" mixes pictures, and a reel has one size and one kind of samples: ${most[1].length} are ${most[0]} (${most[1][0]} …), but ${odd}. Move those elsewhere, or choose the others by a pattern.`,
  );
}

function list(names: readonly string[], limit = 6): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
