import { basename, join, resolve } from 'node:path';
import { agreedColour } from '../../../film/colour.ts';
import { describeOrientation, type StoredPicture, uprightFormat, uprightSize } from '../../../film/orientation.ts';
import type { Rational } from '../../../film/rational.ts';
import type { FolderReel } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../../../film/sample-format.ts';
import { advanceTimecode } from '../../../film/timecode.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { type DpxLabels, readDpxLabels } from '../../still/dpx/dpx-labels.ts';
import type { StillInfo } from '../../still/still-info.ts';
import type { OpenOptions } from '../open-options.ts';
import { folderRate } from './folder-rate.ts';
import { least, most } from './frame-pattern.ts';
import { checkGaps, type Listing, listSequence } from './list-sequence.ts';
import { listNames, runsOf, UNRELATED } from './list-words.ts';
import { isWholeStill, probeFirst, type ReadFolder } from './probe-folder.ts';
import { readStills, UnreachableStill } from './read-stills.ts';

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
  if (options.layer !== undefined && sequence.kind !== 'exr') {
    throw new ReelError(
      `"${path}" holds ${sequence.kind.toUpperCase()} stills, which have no layers. Leave --layer out.`,
    );
  }
  const stills = await readStills(files, sequence.kind, options, signal);
  const damaged = new Map<number, string>();
  stills.forEach((still, i) => {
    if (still === null) damaged.set(i, `frame ${first + i} is missing`);
    else if (still instanceof DamagedStill) damaged.set(i, `${basename(files[i] as string)} ${still.message}`);
  });
  const read: ReadFolder = { path: absolute, first, files, stills, damaged, patternOf: listing.patternOf };
  const { probe, at } = await probeFirst(read, sequence.kind, ffmpeg, signal);
  const info = stills[at] as StillInfo;
  checkUniform(read, probe.format, info);

  const lying = lyingFrames(stills, info);
  const remarks = stills.flatMap((still) => (isWholeStill(still) ? (still.remarks ?? []) : []));
  const transfer = options.transfer === 'auto' ? (info.transfer ?? 'rec709') : options.transfer;
  const { rate, notes: doubts } = folderRate(read, options.rate);
  const notes = [...asideNotes(listing), ...new Set(remarks), ...doubts, ...(lying ? [turnedNote(lying)] : [])];
  return {
    kind: 'folder',
    path: absolute,
    still: sequence.kind,
    // What has no bytes to pass on is as good as missing.
    files: files.map((file, i) => (stills[i] instanceof UnreachableStill ? null : file)),
    ...uprightSize(probe.format, info),
    frames: files.length,
    first,
    rate,
    format: uprightFormat(probe.format, info.orientation),
    pixelFormat: probe.pixelFormat,
    colour: agreedColour(probe.colour, transfer),
    transfer,
    damaged,
    ...(probe.unpacked ? { unpacked: true } : {}),
    ...(options.layer === undefined ? {} : { layer: options.layer }),
    ...(lying ? { stored: lying } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(sequence.kind === 'dpx' ? await dpxLabels(read, rate) : {}),
  };
}

/** A poster or a contact sheet beside a reel is no news; where most stills are no part of it, it may be none. */
function asideNotes({ aside, sequence }: Pick<Listing, 'aside' | 'sequence'>): string[] {
  if (aside.length <= sequence.files.size) return [];
  return [
    `${aside.length} stills of the folder have no numbers (${listNames(aside, 3)}) and are no part of the reel, which has ${sequence.files.size}. ${UNRELATED}`,
  ];
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
  const whole = stills.flatMap((still, i) => (isWholeStill(still) ? [i] : []));
  const [first, last] = [whole[0] ?? 0, whole.at(-1) ?? 0];
  const { timecode, ...labels } = await readDpxLabels(files[first] as string);
  const end = await readDpxLabels(files[last] as string);
  if (timecode === undefined) return labels;
  // A header has no flag for frame numbers that were dropped: the count tells.
  for (const label of [timecode, timecode.replace(/:(\d+)$/, ';$1')]) {
    const begin = advanceTimecode(label, -first, rate);
    const counted = begin === null ? null : advanceTimecode(begin, last, rate);
    if (begin !== null && (last === first || counted?.replace(';', ':') === end.timecode))
      return { ...labels, timecode: begin };
  }
  return labels;
}

/** All good stills must have one size, seen upright, and one layout of samples; the rarest are named. */
function checkUniform(read: ReadFolder, format: SampleFormat, probed: StillInfo): void {
  const { path, first, files, stills, damaged, patternOf } = read;
  const groups = new Map<string, number[]>();
  stills.forEach((still, i) => {
    if (!still || still instanceof DamagedStill || damaged.has(i)) return;
    // Where a header does not tell the samples, they are those of the one that was probed if its does not either.
    const known = still.pixelFormat === null ? null : sampleFormat(still.pixelFormat);
    const stored = known ?? format;
    const samples = known || probed.pixelFormat === null ? stored.name : 'with samples of another kind';
    const { width, height } = uprightSize(stored, still);
    // Chroma that is halved across only is seen halved down only where the picture lies on its side.
    const upright = uprightFormat(stored, still.orientation).name;
    const form = `${width}×${height} ${samples}${upright === stored.name ? '' : ' on its side'}`;
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
    `"${path}" mixes pictures, and a reel has one size and one kind of samples: ${common[1].length} are ${common[0]} (${namesOf(common[1])[0]} …), but ${odd}. Move those elsewhere and add --allow-gaps${choice}. ${UNRELATED}`,
  );
}
