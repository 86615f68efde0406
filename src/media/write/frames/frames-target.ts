import { basename, join, resolve } from 'node:path';
import { writeDurably } from '../../../disk/durable.ts';
import { describeHdr10 } from '../../../film/hdr.ts';
import type { Plate } from '../../../film/plate.ts';
import { plateColourOf } from '../../../film/plate-colour.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import { isStoredUpright, type Reel } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { pictureBytes } from '../../../film/sample-format.ts';
import { framePool } from '../../../stream/frame-pool.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import { untoldByDpx } from '../../still/dpx/dpx-colour.ts';
import { DECLARING_VERSION, declaredFrame } from '../declared-frame.ts';
import { frameTake } from '../frame-take.ts';
import { joinedFrames } from '../joined-frames.ts';
import { isInterlaced } from '../movie/take-coding.ts';
import { sendPlates } from '../send-plates.ts';
import { standingIn } from '../source-plate.ts';
import type { Alteration, Declaring, Segment, TakePlace, TakeWriter, Target } from '../target.ts';
import { type ConversionFacts, factsOfFrame, keepFacts, keptFacts, NO_FACTS, sumOfFacts } from './conversion-facts.ts';
import { conversionNotes } from './conversion-note.ts';
import { frameConverter } from './convert-frame.ts';
import { frameFile } from './frame-file.ts';
import type { FrameFormat } from './frame-format.ts';
import { frameFileName, frameNames, isFrameOf } from './frame-names.ts';
import { isKnownMatrix, type RgbSource } from './rgb-lines.ts';

export interface FramesTargetOptions {
  /** The folder that the frames shall be in. */
  readonly out: string;
  /** Folder of the work in progress, on the same disk as `out`. */
  readonly work: string;
  readonly range: FrameRange;
  readonly format: FrameFormat;
  /** Number of the range's first frame; the reel's own where absent. */
  readonly start?: number | undefined;
  /** What altered frames declare; undefined = nothing. */
  readonly declaring?: Declaring | undefined;
}

/** Raised whenever the same plate gives other bytes. */
const CONVERSION_VERSION = 1;
/** A take's first frame is converted back and compared, and after it one of so many: it takes some times as long as to convert one. */
const COMPARED_EVERY = 24;
/** Of a DPX file, and about of others. */
const HEADER_BYTES = 2048;

/**
 * A folder of stills of another kind than the source's: a movie's frames as DPX, TIFF or EXR, upright. Frames with a restored face and
 * frames without go the same way, so that a sample that is the same in both is the same in their files.
 *
 * @throws ReelError where the kind cannot hold the reel's samples, or its RGB is not known
 */
export function openFramesTarget(reel: Reel, options: FramesTargetOptions, ffmpeg: Ffmpeg): Target {
  const { range, format, start, declaring } = options;
  assertConvertible(reel, format);
  const source = rgbSource(reel);
  const names = frameNames(reel, format.extension, { range, start });
  const namesOf = (part: FrameRange) =>
    Array.from({ length: lengthOf(part) }, (_, k) => frameFileName(names, part.in + k));
  const frames = joinedFrames({
    ...{ out: resolve(options.out), work: resolve(options.work), range, namesOf },
    isOwn: isFrameOf(reel),
  });
  let facts: ConversionFacts | undefined;

  const openTake = async (take: FrameRange, { folder, signal, note }: TakePlace): Promise<TakeWriter> => {
    const unfinished = await frames.begin(take, folder);
    const converter = frameConverter(source, format);
    let done = NO_FACTS;
    // The next frame is decoded and converted while this one goes to the disk.
    let writing: Promise<void> = Promise.resolve();
    const write = async (plate: Plate, changed: Alteration | null): Promise<void> => {
      const converted = converter.convert(plate);
      const compares = (plate.frame - take.in) % COMPARED_EVERY === 0;
      done = sumOfFacts(done, factsOfFrame(converted.clipped, compares ? converter.roundTrip(plate) : null));
      const file = await frameFile(reel, plate.frame, converted, { format, names });
      const bytes = changed ? await declaredFrame({ kind: format.still, file }, changed, { declaring, note }) : file;
      await writing;
      writing = writeDurably(join(unfinished, frameFileName(names, plate.frame)), bytes);
      writing.catch(() => {});
    };
    const pass = async (frame: number): Promise<void> => {
      const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
      await write(await standingIn(reel, frame, { pool, ffmpeg, signal, note }), null);
    };
    const finish = async (): Promise<Segment> => {
      await writing;
      await keepFacts(folder, take, done);
      return frames.finish(take, folder, unfinished);
    };
    const writer = frameTake(take, { write, pass }, { unfinished, finish, signal });
    return {
      ...writer,
      async [Symbol.asyncDispose]() {
        await writing.catch(() => {});
        await writer[Symbol.asyncDispose]();
      },
    };
  };

  return {
    // Joining gives frames another name and takes no space.
    estimatedBytes: (missing) => missing * bytesOf(source, format),
    get notes() {
      return [...(facts ? conversionNotes(source, format, facts) : []), ...lossesOf(reel, format)];
    },
    coding: ({ touched }) => ({
      ...(declaring && touched ? { declaring: DECLARING_VERSION } : {}),
      frames: { version: CONVERSION_VERSION, ...format, title: '' },
      ...{ names, colour: source.colour, isInterlaced: source.isInterlaced, source: basename(reel.path) },
      labels: [reel.first, reel.frames, reel.rate, reel.timecode ?? null, reel.pixelAspect ?? null],
    }),
    conforming: { extension: format.extension },
    openTake,
    async copyTake(take, place) {
      await using writer = await openTake(take, place);
      await sendPlates(reel, take, writer, { ffmpeg, signal: place.signal });
      return await writer.finish();
    },
    holds: async (segment) => (await keptFacts(segment.folder, segment)) !== null && (await frames.holds(segment)),
    stands: async (segment) => (await keptFacts(segment.folder, segment)) !== null && (await frames.stands(segment)),
    foreignFiles: frames.foreignFiles,
    async conform(segments, conforming) {
      const kept = await Promise.all(segments.map((segment) => keptFacts(segment.folder, segment)));
      facts = kept.reduce<ConversionFacts>((sum, one) => (one ? sumOfFacts(sum, one) : sum), NO_FACTS);
      return frames.conform(segments, conforming);
    },
  };
}

function rgbSource(reel: Reel): RgbSource {
  const { format, width, height } = reel;
  // The fields of a picture that is turned are no longer every other row.
  return {
    format,
    width,
    height,
    colour: plateColourOf(reel),
    isInterlaced: isInterlaced(reel) && isStoredUpright(reel),
  };
}

function bytesOf({ format, width, height }: RgbSource, { bits, kind }: FrameFormat): number {
  const samples =
    width * height * (format.model === 'gray' ? 1 : format.planes.some(({ component }) => component === 'A') ? 4 : 3);
  // Three samples of 10 bits are four bytes, and 12 bits two; ZIP takes a third off a picture with grain.
  if (kind === 'float') return HEADER_BYTES + (samples * bits * 0.66) / 8;
  return HEADER_BYTES + samples * (bits === 10 ? 4 / 3 : bits === 8 ? 1 : 2);
}

/** Refuses samples that files of a kind cannot hold, or whose RGB is not known. @throws ReelError */
export function assertConvertible(reel: Reel, { still, kind, title }: FrameFormat): void {
  if (reel.format.kind === 'float' && kind !== 'float') {
    throw new ReelError(
      `"${reel.path}" has samples of floats, whose light goes beyond black and white: ${title} would cut it off. Write --as exr-float, or without --as in the source's own kind.`,
    );
  }
  if (reel.format.model === 'yuv' && !isKnownMatrix(reel.colour)) {
    throw new ReelError(
      `"${reel.path}" is tagged with the matrix ${reel.colour.matrix}, by which no RGB is made here for ${still.toUpperCase()} files. Give a movie as --out (.mkv keeps the samples as they are), or convert the reel to RGB first.`,
    );
  }
}

/** What the files have no place for. */
function lossesOf(reel: Reel, { still }: FrameFormat): string[] {
  const notes: string[] = [];
  const { colour, transfer } = reel;
  const untold = still === 'dpx' ? untoldByDpx(colour, transfer) : [];
  if (untold.length > 0)
    notes.push(`A DPX header has no code for ${untold.join(' and ')}: the files say "video, not specified" there.`);
  if (still === 'tiff' && colour.transfer !== undefined)
    notes.push(`A TIFF has no field for the transfer ${colour.transfer}: its description names it.`);
  if (reel.pixelFormat.startsWith('ya'))
    notes.push('The alpha channel of grey stills is not carried into other kinds of stills.');
  if (still === 'exr' && reel.format.planes.some(({ component }) => component === 'A'))
    notes.push(
      'Alpha is written as the reel has it, and colour is not multiplied by it: by convention EXR has it multiplied, so a compositor has to be told.',
    );
  if (reel.kind === 'folder') return notes;
  if (reel.timecode?.includes(';') && still === 'dpx')
    notes.push('A DPX header has no place for the drop-frame flag: its timecodes count as the reel does, without it.');
  if (reel.hdr10) notes.push(`Frames are written without the source's ${describeHdr10(reel.hdr10)}.`);
  if (isVariableRate(reel))
    notes.push('The frames are shown for different times, of which a folder of frames says nothing.');
  if (!isStoredUpright(reel)) notes.push('The frames are written upright, as the movie is shown.');
  if (isInterlaced(reel)) notes.push('The movie is interlaced: each file holds both fields of its frame, in turn.');
  if (reel.subtitleStreams > 0) notes.push('Subtitles are not carried into a folder of frames.');
  if (reel.audioStreams > 0)
    notes.push(
      `A folder of frames holds no sound. This takes it from the source as it is: ffmpeg -i ${quoted(reel.path)} -map 0:a -c copy sound.mka`,
    );
  return notes;
}

/** For a shell. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
