import { OutputError } from '../../disk/output-error.ts';
import { lengthOf } from '../../film/range.ts';
import { equalRational, formatRational, rational } from '../../film/rational.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { type FileInfo, pictureStreamOf, type StreamInfo } from '../ffmpeg/probe-streams.ts';
import { isVariableRate } from '../read/frame-rate.ts';
import { openMovie, probeMovie } from '../read/movie/probe-movie.ts';
import { probeReel } from '../read/probe-reel.ts';
import { taggedColour } from '../read/tagged-colour.ts';
import { lostTags } from '../write/movie/lost-tags.ts';
import { codedPicture } from '../write/movie/take-coding.ts';
import { isTop, misplaced } from '../write/movie/verify.ts';
import type { Nearness } from './compare-pictures.ts';
import { unfinishedPath } from './encode-masters.ts';
import { holds, PROPERTY_NAMES, type Property } from './holdings.ts';
import type { Master, MasterSource } from './master.ts';
import { soundCoding } from './master-sound.ts';
import { soundFaults } from './verify-sound.ts';

interface Verifying {
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
  readonly work: string;
}

/**
 * Opens a written master again and holds it to what it should be. What its container or codec cannot hold comes back as sentences.
 *
 * @throws OutputError with numbers where anything else differs.
 */
export async function verifyMaster(
  master: Master,
  source: MasterSource,
  nearness: Nearness,
  { ffmpeg, signal, work }: Verifying,
): Promise<string[]> {
  const { form, path, coding } = master;
  const { reel, range } = source;
  const frames = lengthOf(range);
  const file = form.container === 'frames' ? undefined : await probeMovie(unfinishedPath(master, work), ffmpeg, signal);
  const written: Reel = file
    ? await openMovie(unfinishedPath(master, work), { transfer: 'auto', file }, ffmpeg, signal)
    : await probeReel(unfinishedPath(master, work), { transfer: 'auto' }, ffmpeg, signal);
  const wanted = codedPicture(coding.reel);
  const found = codedPicture(written);
  const faults = [
    ...(written.frames === frames && nearness.frames === frames
      ? []
      : [`${frames} frames were expected, it has ${Math.min(written.frames, nearness.frames)}`]),
    ...(found.width === wanted.width && found.height === wanted.height
      ? []
      : [`${wanted.width} × ${wanted.height} was expected, it is ${found.width} × ${found.height}`]),
    ...pictureFaults(master, nearness),
    ...(written.kind === 'movie' ? misplaced(written, reel, range) : []),
    ...(file ? await soundFaults(master, source, file, { ffmpeg, signal, work }) : []),
  ];
  const notes: string[] = [];
  for (const [property, sentence] of differences(written, file, { master, source })) {
    if (holds(form, property)) faults.push(sentence);
    else notes.push(`${form.name} does not keep ${PROPERTY_NAMES[property]}: ${sentence}.`);
  }
  if (faults.length > 0) {
    throw new OutputError(
      path,
      `"${path}" was not written as it should be: ${faults.join('; ')}. Nothing of it was kept; run the same command again, or leave this master out.`,
    );
  }
  const recoded = (source.sound?.streams ?? []).flatMap((stream) => soundCoding(form, stream)?.note ?? []);
  const lost = source.file && file ? lostTags({ ...source.file, chapters: [] }, { ...file, chapters: [] }) : [];
  return [...notes, ...[...new Set([...recoded, ...lost])].map((sentence) => `${form.name}: ${sentence}`)];
}

function pictureFaults({ form }: Master, { same, differs, psnr, ssim }: Nearness): string[] {
  if (form.floors === null) {
    if (same) return [];
    const where =
      differs !== undefined ? ` from frame ${differs} on` : psnr ? ` (frame ${psnr.frame}: ${dB(psnr.least)})` : '';
    return [`its samples are not the reel's${where}`];
  }
  const { floors } = form;
  return [
    ...(psnr && psnr.least < floors.psnr
      ? [`frame ${psnr.frame} is at ${dB(psnr.least)} PSNR of the reel, below the preset's ${dB(floors.psnr)}`]
      : []),
    ...(ssim && !(ssim.least >= floors.ssim)
      ? [`frame ${ssim.frame} is at ${ssim.least.toFixed(4)} SSIM of the reel, below the preset's ${floors.ssim}`]
      : []),
  ];
}

function dB(value: number): string {
  return `${value.toFixed(1)} dB`;
}

/** Where labels and tags of the written master differ from what it was told. */
function* differences(
  written: Reel,
  file: FileInfo | undefined,
  {
    master: { coding },
    source: { reel, range, timecode, reelName, file: origin },
  }: { readonly master: Master; readonly source: MasterSource },
): Generator<readonly [Property, string]> {
  const shown = coding.reel;
  const picture = file && (pictureStreamOf(file) as StreamInfo);
  const tagged = picture ? taggedColour(picture) : written.colour;
  for (const key of ['range', 'primaries', 'transfer', 'matrix', 'chromaLocation'] as const) {
    const due = coding.colour[key];
    // Stills of RGB have no matrix, and their codes reach from 0 to the largest.
    if (!file && shown.format.model === 'rgb' && (key === 'matrix' || due === 'pc')) continue;
    // Untagged video is of video range; x264 leaves that out where nothing else is tagged.
    if (key === 'range' && due === 'tv' && tagged.range === undefined) continue;
    if (due !== undefined && tagged[key] !== due) yield [key, `${key} is ${tagged[key] ?? 'absent'} instead of ${due}`];
  }
  // The digits of a DPX header do not tell whether numbers are dropped.
  const label = written.kind === 'folder' ? timecode?.replace(/[;.]/, ':') : timecode;
  if (label !== undefined && written.timecode !== label) {
    yield ['timecode', `the timecode is ${written.timecode ?? 'absent'} instead of ${timecode}`];
  }
  const named = file && reelNameOf(file);
  if (reelName !== undefined && named !== reelName) {
    yield ['reelName', `the reel's name is ${named ?? 'absent'} instead of ${reelName}`];
  }
  const [aspect, due] = [written.pixelAspect ?? rational(1), shown.pixelAspect ?? rational(1)];
  if (!equalRational(aspect, due)) {
    yield ['pixelAspect', `the pixel aspect is ${formatRational(aspect)} instead of ${formatRational(due)}`];
  }
  if (isVariableRate(reel) ? written.kind === 'folder' : !equalRational(written.rate, reel.rate)) {
    const rates = isVariableRate(reel)
      ? 'one for all frames'
      : `${formatRational(written.rate)} instead of ${formatRational(reel.rate)}`;
    yield ['rate', `the rate is ${rates}`];
  }
  if (reel.kind !== 'movie') return;
  const found = written.kind === 'movie' ? written : undefined;
  const matrix = shown.kind === 'movie' ? shown.displayMatrix : undefined;
  if (`${found?.displayMatrix}` !== `${matrix}`) yield ['turn', 'the picture lies as it is stored'];
  const fields = found ? isTop(found) : 'progressive';
  if (fields !== isTop(reel)) yield ['fields', `the field order is ${fields} instead of ${isTop(reel)}`];
  const chapters = origin ? chaptersWithin(origin, reel, range) : 0;
  if ((file?.chapters.length ?? 0) !== chapters) {
    yield ['chapters', `it has ${file?.chapters.length ?? 0} of ${chapters} chapters`];
  }
}

/** The name of the reel by any stream or the file. */
export function reelNameOf(file: FileInfo): string | undefined {
  const tags = [...file.streams.map((stream) => stream.tags), file.format.tags];
  return tags.map((tag) => tag?.['reel_name'] ?? tag?.['REEL_NAME']).find((name) => name !== undefined);
}

/** Chapters that have a part in the range. */
function chaptersWithin(file: FileInfo, reel: Reel, range: { readonly in: number; readonly out: number }): number {
  if (lengthOf(range) === reel.frames) return file.chapters.length;
  const start = (range.in * reel.rate.den) / reel.rate.num;
  const end = (range.out * reel.rate.den) / reel.rate.num;
  return file.chapters.filter((chapter) => {
    const { start_time: from, end_time: to } = chapter as { readonly start_time?: string; readonly end_time?: string };
    return Number(to) > start && Number(from) < end;
  }).length;
}
