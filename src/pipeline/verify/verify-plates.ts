import { cutRegion, type Plate, pasteRegion } from '../../film/plate.ts';
import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { intersect, isEmpty, type Roi } from '../../film/roi.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { plates } from '../../media/read/decode.ts';
import type { EditedFrame, EditLog } from '../../provenance/edit-log.ts';
import { framePool, type Loan } from '../../stream/frame-pool.ts';
import { samplesHash } from '../render/face-edit.ts';
import { type Findings, frameName } from './verify-files.ts';

/** Decoding beside which frames are compared. */
interface Reading {
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
}

/** What was found of an output beside its reel. */
interface PlateFindings extends Findings {
  /** True where every altered frame is known to have been restored from this reel. */
  readonly platesHold: boolean;
}

/** What comparing frames has shown so far. Frames count from 0 in the reel. */
interface Compared {
  /** Not named by the log, and not the reel's own; or named, and another outside the faces' rectangles. */
  readonly strays: number[];
  /** The plate under a face is not the one that was restored. */
  readonly otherPlates: number[];
  /** A face is not the one that was painted. */
  readonly otherFaces: number[];
  /** Frames whose faces' rectangles are not known. */
  readonly unknown: number[];
  same: number;
  held: number;
}

/**
 * Holds an output to its reel, sample for sample: frames that the log does not name are the reel's own, those that it names differ
 * nowhere but in the rectangles of their faces, and these are what they were before and after.
 *
 * @param range of the reel, counted from 0: the frames to compare
 */
export async function verifyPlates(
  reel: Reel,
  output: Reel,
  log: EditLog,
  range: FrameRange,
  reading: Reading,
): Promise<PlateFindings> {
  const { header } = log;
  const altered = new Map(log.frames.map((frame) => [frame.frame, frame]));
  const damaged = new Set(log.takes.flatMap((take) => take.damaged));
  const found: Compared = { strays: [], otherPlates: [], otherFaces: [], unknown: [], same: 0, held: 0 };
  const name = (frame: number) => frameName(header, frame);
  if (output.format.name !== reel.format.name || output.width !== reel.width || output.height !== reel.height) {
    for await (const { plate, loan } of decoded(reel, range, reading)) {
      const edited = altered.get(plate.frame);
      if (edited) await compareAltered(plate, null, edited, output, found);
      loan.release();
    }
    const of = (one: Reel) => `${one.width} × ${one.height} ${one.format.name}`;
    const other = `The output cannot be held to the reel sample by sample: it is ${of(output)}, and the reel ${of(reel)}.`;
    const { proved, faults, platesHold } = findingsOf(found, log, output, { range, compared: false }, name);
    return { proved, faults: [other, ...faults], platesHold };
  }
  const shift = outputShift(log, output);
  const own = decoded(reel, range, reading);
  const theirs = decoded(output, { in: range.in - shift, out: range.out - shift }, reading);
  try {
    let [a, b] = await Promise.all([own.next(), theirs.next()]);
    while (!a.done && !b.done) {
      const now = b.value.plate.frame + shift;
      const frame = a.value.plate.frame;
      if (frame === now && !damaged.has(frame)) {
        await compare(a.value.plate, b.value.plate, altered.get(frame), output, found);
      }
      const [next, other] = [frame <= now ? a.value : null, now <= frame ? b.value : null];
      next?.loan.release();
      other?.loan.release();
      [a, b] = [next ? await own.next() : a, other ? await theirs.next() : b];
    }
  } finally {
    await Promise.all([own.return(undefined), theirs.return(undefined)]);
  }
  return findingsOf(found, log, output, { range, compared: true }, name);
}

/** Numbers of frames in a movie begin with the first that was written; in a folder its gaps count, too. */
function outputShift({ header, takes }: EditLog, output: Reel): number {
  const first = takes.flatMap(({ frames }) => frames ?? [])[0]?.frame;
  return output.kind === 'movie' ? header.range.in : (first ?? header.range.in);
}

function decoded(reel: Reel, range: FrameRange, reading: Reading): AsyncGenerator<{ plate: Plate; loan: Loan }> {
  return plates(reel, range, { ...reading, pool: framePool(2, pictureBytes(reel.format, reel.width, reel.height)) });
}

async function compare(
  plate: Plate,
  written: Plate,
  edited: EditedFrame | undefined,
  output: Reel,
  found: Compared,
): Promise<void> {
  const { frame } = plate;
  if (!edited) {
    if (Buffer.compare(plate.bytes, written.bytes) === 0) found.same += 1;
    else found.strays.push(frame);
    return;
  }
  await compareAltered(plate, written, edited, output, found);
}

/** @param written the frame of the output; null where its samples cannot be compared */
async function compareAltered(
  plate: Plate,
  written: Plate | null,
  edited: EditedFrame,
  output: Reel,
  found: Compared,
): Promise<void> {
  const { frame } = plate;
  const exact = isExact(output) ? written : null;
  const mattes = edited.faces.flatMap(({ matte }) => (matte ? [matte] : []));
  if (mattes.length < edited.faces.length) {
    found.unknown.push(frame);
    return;
  }
  const rois = mattes.map(({ region: [x, y, width, height] }): Roi => ({ x, y, width, height }));
  const isAlone = (roi: Roi, others: readonly Roi[]) => others.every((other) => isEmpty(intersect(roi, other)));
  for (const [k, { before, after }] of mattes.entries()) {
    const roi = rois[k] as Roi;
    // Where faces overlap, one was painted over another.
    if (isAlone(roi, rois.slice(0, k)) && (await samplesHash(cutRegion(plate, roi))) !== before) {
      found.otherPlates.push(frame);
      return;
    }
    if (exact && isAlone(roi, rois.slice(k + 1)) && (await samplesHash(cutRegion(exact, roi))) !== after) {
      found.otherFaces.push(frame);
      return;
    }
  }
  if (exact) for (const roi of rois) pasteRegion(exact, cutRegion(plate, roi));
  if (exact && Buffer.compare(plate.bytes, exact.bytes) !== 0) found.strays.push(frame);
  else found.held += 1;
}

/** True where what was written is decoded to the same samples. */
function isExact(output: Reel): boolean {
  return output.kind === 'folder' ? output.still !== 'jpeg' : output.codec === 'ffv1';
}

/** Frames of a range that are to be held to the reel: all that were written and are not damaged. */
function dueIn({ takes }: EditLog, range: FrameRange): number {
  return takes.reduce((sum, take) => {
    const damaged = new Set(take.damaged);
    const written = take.frames?.map(({ frame }) => frame) ?? framesOf(take);
    return sum + written.filter((frame) => contains(range, frame) && !damaged.has(frame)).length;
  }, 0);
}

function framesOf({ in: from, out }: FrameRange): number[] {
  return Array.from({ length: out - from }, (_, k) => from + k);
}

function findingsOf(
  found: Compared,
  log: EditLog,
  output: Reel,
  { range, compared }: { readonly range: FrameRange; readonly compared: boolean },
  name: (frame: number) => string,
): PlateFindings {
  const { strays, otherPlates, otherFaces, unknown, same, held } = found;
  const coded = output.kind === 'movie' && !isExact(output) ? ` Coded as ${output.codec}, it keeps no samples.` : '';
  const seen = same + held + [strays, otherPlates, otherFaces, unknown].reduce((sum, { length }) => sum + length, 0);
  const due = compared ? dueIn(log, range) : 0;
  const frames = (count: number) => (count === 1 ? '1 frame' : `${count} frames`);
  const first = (of: readonly number[]) =>
    of.length === 1 ? name(of[0] as number) : `${of.length} frames, the first ${name(of[0] as number)},`;
  const differ = (of: readonly number[]) => (of.length === 1 ? 'differs' : 'differ');
  const are = (of: readonly number[]) => (of.length === 1 ? 'is' : 'are');
  const named = log.frames.length === 0 ? 'The log names no frame, and' : 'Where the log names no face,';
  // Where samples are not compared, another fault says so.
  const ofCoding =
    held > 0 && !isExact(output)
      ? [
          `Altered, and restored from this reel: ${frames(held)}. The output's coding lets no more be said of their samples.`,
        ]
      : [];
  const faults = [
    ...(strays.length > 0 ? [`${named} ${first(strays)} ${differ(strays)} from the reel.${coded}`] : []),
    ...(otherPlates.length > 0
      ? [`Under a face, ${first(otherPlates)} ${are(otherPlates)} not the reel's that was restored.`]
      : []),
    ...(otherFaces.length > 0 ? [`Under a face, ${first(otherFaces)} ${are(otherFaces)} not what was painted.`] : []),
    ...(compared ? ofCoding : []),
    ...(unknown.length > 0
      ? [`Not known: where ${first(unknown)} ${are(unknown)} altered. An earlier version rendered it.`]
      : []),
    ...(seen < due
      ? [`${frames(due - seen)} could not be held to the reel: it lacks them, or cannot decode them.`]
      : []),
  ];
  const proved = [
    ...(compared ? [] : ofCoding),
    ...(same > 0 ? [`The reel's own, sample for sample, in what the log does not name: ${frames(same)}.`] : []),
    ...(held > 0 && isExact(output)
      ? [`Altered in their faces' rectangles alone, which are what they were before and after: ${frames(held)}.`]
      : []),
  ];
  const isFound = same + held + strays.length + otherFaces.length > 0;
  return { proved, faults, platesHold: isFound && otherPlates.length === 0 && unknown.length === 0 };
}
