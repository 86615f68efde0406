import { basename, join, resolve } from 'node:path';
import { agreedColour, type ColourTags } from '../../film/colour.ts';
import { describeOrientation, type StoredPicture, uprightFormat, uprightSize } from '../../film/orientation.ts';
import type { Rational } from '../../film/rational.ts';
import type { FolderReel, StillKind } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../../film/sample-format.ts';
import { advanceTimecode } from '../../film/timecode.ts';
import { inParallel } from '../../stream/in-parallel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { DamagedStill, UnsupportedStill } from '../still/damaged-still.ts';
import { type DpxLabels, readDpxLabels } from '../still/dpx-labels.ts';
import { readStillInfo } from '../still/still.ts';
import type { StillInfo } from '../still/still-info.ts';
import { folderRate } from './folder-rate.ts';
import { least, listNames, most } from './frame-pattern.ts';
import { checkGaps, listSequence } from './list-sequence.ts';
import type { OpenOptions } from './open-options.ts';
import { probeStill } from './probe-still.ts';

/** Files that are read at once while a reel is opened, enough to keep a network disk busy. */
const READERS = 8;
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
  const { folder, sequence, expected } = await listSequence(absolute);
  const first = expected?.[0] ?? least([...sequence.files.keys()]);
  const last = expected?.[1] ?? most([...sequence.files.keys()]);
  checkGaps(absolute, sequence, { first, last }, options.allowGaps === true);

  const files = Array.from({ length: last - first + 1 }, (_, i) => {
    const name = sequence.files.get(first + i);
    return name === undefined ? null : join(folder, name);
  });
  if (options.layer !== undefined && sequence.kind !== 'exr') {
    throw new ReelError(
      `"${path}" holds ${sequence.kind.toUpperCase()} stills, which have no layers. Leave --layer out.`,
    );
  }
  const stills = await readAll(files, sequence.kind, options, signal);
  const damaged = new Map<number, string>();
  stills.forEach((still, i) => {
    if (still === null) damaged.set(i, `frame ${first + i} is missing`);
    else if (still instanceof DamagedStill) damaged.set(i, `${basename(files[i] as string)} ${still.message}`);
  });
  const read: ReadFolder = { path: absolute, files, stills, damaged };
  const unpacked = stills.some((still) => isWhole(still) && still.unpacked);
  const { probe, at } = unpacked ? unpackedFirst(stills) : await probeFirst(read, sequence.kind, ffmpeg, signal);
  const stored = sampleFormat(probe.pixelFormat);
  checkUniform(read, stored);

  const info = stills[at] as StillInfo;
  const lying = lyingFrames(stills, info);
  const remarks = stills.flatMap((still) => (isWhole(still) ? (still.remarks ?? []) : []));
  const transfer = options.transfer === 'auto' ? (info.transfer ?? 'rec709') : options.transfer;
  const rated = folderRate(read, options.rate);
  const notes = [...new Set(remarks), ...rated.notes, ...(lying ? [turnedNote(lying)] : [])];
  return {
    kind: 'folder',
    path: absolute,
    still: sequence.kind,
    files,
    ...uprightSize(stored, info),
    frames: files.length,
    first,
    rate: rated.rate,
    format: uprightFormat(stored, info.orientation),
    pixelFormat: probe.pixelFormat,
    colour: agreedColour(probe.colour, transfer),
    transfer,
    damaged,
    ...(unpacked ? { unpacked } : {}),
    ...(options.layer === undefined ? {} : { layer: options.layer }),
    ...(lying ? { stored: lying } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(sequence.kind === 'dpx' ? await dpxLabels(read, rated.rate) : {}),
  };
}

/** How each frame is stored, a damaged one as `info`; undefined where all are stored upright. */
function lyingFrames(
  stills: readonly (StillInfo | DamagedStill | null)[],
  info: StillInfo,
): readonly StoredPicture[] | undefined {
  const stored = stills.map((still) => {
    const { width, height, orientation } = !still || still instanceof DamagedStill ? info : still;
    return { width, height, orientation };
  });
  return stored.every(({ orientation }) => orientation === 1) ? undefined : stored;
}

function turnedNote(stored: readonly StoredPicture[]): string {
  const orientations = [...new Set(stored.map(({ orientation }) => orientation))].sort();
  const said = orientations.map((orientation) => `${orientation}, ${describeOrientation(orientation)}`);
  return `The headers say how frames are seen (${listNames(said)}), so that boxes, points and pictures are upright; the frames of a folder keep their order of samples and their tags.`;
}

/**
 * Timecode and pixel aspect of a sequence of DPX files. Its last file must count on from its first: scanners leave both at zero, and
 * cut reels have other numbers.
 */
async function dpxLabels({ files, stills }: ReadFolder, rate: Rational): Promise<DpxLabels> {
  const whole = stills.flatMap((still, i) => (still === null || still instanceof DamagedStill ? [] : [i]));
  const [first, last] = [whole[0] ?? 0, whole.at(-1) ?? 0];
  const { timecode, ...labels } = await readDpxLabels(files[first] as string);
  const end = await readDpxLabels(files[last] as string);
  const begin = timecode === undefined ? null : advanceTimecode(timecode, -first, rate);
  if (begin === null || (last > first && advanceTimecode(begin, last, rate) !== end.timecode)) return labels;
  return { ...labels, timecode: begin };
}

/** Each file's header, or its damage; null where there is no file. */
async function readAll(
  files: readonly (string | null)[],
  kind: StillKind,
  { onRead, layer }: OpenOptions,
  signal: AbortSignal | undefined,
): Promise<(StillInfo | DamagedStill | null)[]> {
  const stills: (StillInfo | DamagedStill | null)[] = files.map(() => null);
  let read = 0;
  await inParallel(files.length, READERS, async (i) => {
    signal?.throwIfAborted();
    const file = files[i];
    if (file) stills[i] = await readOne(file, kind, layer);
    read += 1;
    onRead?.(read, files.length);
  });
  return stills;
}

async function readOne(file: string, kind: StillKind, layer: string | undefined): Promise<StillInfo | DamagedStill> {
  try {
    return await readStillInfo(file, kind, layer);
  } catch (cause) {
    if (cause instanceof DamagedStill) return cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    const why =
      code === 'EACCES' ? 'this user may not read it' : code === 'ENOENT' ? 'it does not exist (a broken link?)' : code;
    throw new ReelError(`"${file}" cannot be read: ${why}. Check the file and its permissions.`, { cause });
  }
}

/** The files of a folder as they were read. */
interface ReadFolder {
  readonly path: string;
  readonly files: readonly (string | null)[];
  readonly stills: readonly (StillInfo | DamagedStill | null)[];
  /** What is wrong with a frame; grows while stills are probed. */
  readonly damaged: Map<number, string>;
}

/** ffmpeg's facts of the first still that it can decode; those before it are added to `damaged`. */
async function probeFirst(
  { path, files, stills, damaged }: ReadFolder,
  kind: StillKind,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<{ probe: { pixelFormat: string; colour: ColourTags }; at: number }> {
  let failures = 0;
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
    failures += 1;
    if (failures === MOST_FAILURES) break;
  }
  const reason = damaged.values().next().value ?? '';
  const advice = stills.some((still) => still instanceof UnsupportedStill)
    ? ''
    : ' Check where they were written or copied from.';
  throw new ReelError(`None of the ${files.length} stills of "${path}" can be decoded. The first: ${reason}.${advice}`);
}

/** The facts of the first still that this program reads. */
function unpackedFirst(stills: ReadFolder['stills']): {
  probe: { pixelFormat: string; colour: ColourTags };
  at: number;
} {
  const at = stills.findIndex((still) => isWhole(still) && still.unpacked);
  const { pixelFormat, unpacked } = stills[at] as StillInfo;
  return { probe: { pixelFormat: sampleFormat(pixelFormat as string).name, colour: unpacked?.colour ?? {} }, at };
}

function isWhole(still: StillInfo | DamagedStill | null): still is StillInfo {
  return still !== null && !(still instanceof DamagedStill);
}

/** All good stills must have one size, seen upright, and one layout of samples; the rarest are named. */
function checkUniform({ path, files, stills, damaged }: ReadFolder, format: SampleFormat): void {
  const groups = new Map<string, string[]>();
  stills.forEach((still, i) => {
    if (!still || still instanceof DamagedStill || damaged.has(i)) return;
    const stored = still.pixelFormat === null ? format : sampleFormat(still.pixelFormat);
    const { width, height } = uprightSize(stored, still);
    // Chroma that is halved across only is seen halved down only where the picture lies on its side.
    const upright = uprightFormat(stored, still.orientation).name;
    const form = `${width}×${height} ${stored.name}${upright === stored.name ? '' : ' on its side'}`;
    const group = groups.get(form) ?? [];
    group.push(basename(files[i] as string));
    groups.set(form, group);
  });
  const [common, ...others] = [...groups].sort((a, b) => b[1].length - a[1].length);
  if (!common || others.length === 0) return;
  const odd = others.map(([form, names]) => `${form}: ${listNames(names, 3)}`).join('; ');
  throw new ReelError(
    `"${path}" mixes pictures, and a reel has one size and one kind of samples: ${common[1].length} are ${common[0]} (${common[1][0]} …), but ${odd}. Move those elsewhere, or choose the others by a pattern.`,
  );
}
