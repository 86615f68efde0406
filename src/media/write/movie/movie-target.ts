import { dirname, extname, resolve } from 'node:path';
import { makeFolder, publish, sha256OfFiles, syncPath, unfinishedName } from '../../../disk/durable.ts';
import { OutputError } from '../../../disk/output-error.ts';
import { describeHdr10 } from '../../../film/hdr.ts';
import { contains, type FrameRange, lengthOf } from '../../../film/range.ts';
import { frameNumber, type MovieReel, type Reel } from '../../../film/reel.ts';
import { pictureBytes } from '../../../film/sample-format.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { shownPackets } from '../../ffmpeg/packet-hashes.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import type { MovieCodec } from '../codec-facts.ts';
import { DECLARING_VERSION } from '../declared-frame.ts';
import { chooseCodec, codedFormat, losslessCodec } from '../movie-codec.ts';
import { ownCodec } from '../own-codec.ts';
import { assertTargetFree } from '../publish-frames.ts';
import type { Declaring, Segment, Target } from '../target.ts';
import { type Conformed, conformMovie, type TakeFile } from './conform.ts';
import { copyPackets } from './copy-packets.ts';
import { copyTake } from './copy-take.ts';
import { deferTake, encodedAtOnce } from './deferred-take.ts';
import { packetOptions, whyNotPackets } from './kept-packets.ts';
import { codecOptions, codedPicture, codingFilters, takeCoding, takeFilters, takeOptions } from './take-coding.ts';
import { encodeTake } from './take-encoder.ts';
import { deferredPath, holdsTake, removeFile, standsTake, takePath } from './take-file.ts';
import { verifyMovie } from './verify.ts';

export interface MovieTargetOptions {
  /** The movie to write; its extension says how. */
  readonly out: string;
  /** One of `CODEC_NAMES`, against the extension's own. */
  readonly codec?: string | undefined;
  /** The frames that will be written, for the estimate; the whole reel where absent. */
  readonly range?: FrameRange | undefined;
  /** True where no frame of it is restored. */
  readonly untouched?: boolean | undefined;
  /** What it declares where a frame was altered; undefined = nothing. */
  readonly declaring?: Declaring | undefined;
}

/**
 * A movie as target. `.mkv` is FFV1 in the reel's own samples, lossless; `.mov` ProRes 422 HQ, or 4444 for RGB, 4:4:4 and alpha;
 * `.mp4` H.264, visually lossless; but see `ownCodec`. Where the source's own packets fit beside encoded ones, untouched takes are
 * made of them. Takes are written in the final codec where every frame stands alone, else as FFV1 with one
 * encode at the end; but see `encodedAtOnce`.
 *
 * @throws OutputError where the container, codec or ffmpeg cannot hold the picture; nothing has been written then.
 */
export async function openMovieTarget(reel: Reel, options: MovieTargetOptions, ffmpeg: Ffmpeg): Promise<Target> {
  const out = resolve(options.out);
  const own = options.codec === undefined ? await ownCodec(reel, out, ffmpeg) : null;
  const codec = own ?? (await chooseCodec(out, options.codec, reel.format, ffmpeg));
  const picture = codedPicture(reel);
  const final = takeCoding(reel, codec, await codedFormat(out, codec, picture, ffmpeg));
  const waiting = codec.intra ? codec : losslessCodec();
  const coding = codec.intra ? final : takeCoding(reel, waiting, await codedFormat(out, waiting, picture, ffmpeg));
  const notes = new Set<string>(final.coded.note === undefined ? [] : [final.coded.note]);
  if (reel.kind === 'movie' && reel.hdr10 && !codec.hdr10)
    notes.add(`${codec.title} is written without the source's ${describeHdr10(reel.hdr10)}; --codec h265 keeps them.`);
  if (isVariableRate(reel)) notes.add('The frames are shown for different times; the output keeps the time of each.');
  // Plates of them are grey alone.
  if (reel.pixelFormat.startsWith('ya')) notes.add('The alpha channel of grey stills is not carried into a movie.');
  const note = (sentence: string) => void notes.add(sentence);
  // Where its frames lean on others, or the output has another codec, nobody expects its packets.
  const like = reel.kind === 'movie' && reel.wholePackets && codec.intra && codec.codec === reel.codec ? reel : null;
  const obstacle = like && (await whyNotPackets(like, coding, ffmpeg));
  if (obstacle) note(`Frames without a restored face are encoded anew, not copied: ${obstacle}.`);
  /** The reel whose packets an untouched take is made of; null where it is encoded. */
  const packetsFor = (take: FrameRange) => (obstacle === null && !hasDamage(reel, take) ? like : null);
  const whole = encodedAtOnce(reel, codec, options);
  const pathOf = (folder: string, take: FrameRange) => takePath(folder, waiting, take);
  const frames = options.range ? lengthOf(options.range) : reel.frames;
  const pixels = reel.width * reel.height;
  const raw = pictureBytes(reel.format, reel.width, reel.height);
  // FFV1 halves film and video; grain keeps it from more.
  const bytesOf = (one: MovieCodec) => (one.lossless ? raw * 0.6 : pixels * one.bytesPerPixel);

  return {
    estimatedBytes: (missing) => frames * bytesOf(codec) + (whole ? 0 : missing * bytesOf(waiting)),
    get notes() {
      return [...notes];
    },
    coding(take) {
      const { rate } = reel;
      if (whole) return { rate, deferred: true };
      if (!take.touched && packetsFor(take)) return { rate, packets: packetOptions(coding) };
      return { rate, filters: takeFilters(coding, take), options: takeOptions(coding) };
    },
    conforming: {
      ...{ extension: extname(out).toLowerCase(), filters: codingFilters(final), options: codecOptions(final) },
      ...(options.declaring ? { declaring: DECLARING_VERSION } : {}),
    },
    async openTake(take, { folder, signal, note }) {
      await makeFolder(folder);
      return encodeTake(take, { coding, path: pathOf(folder, take), ffmpeg, signal, note });
    },
    async copyTake(take, { folder, signal, note }) {
      await makeFolder(folder);
      if (whole) return deferTake(take, deferredPath(folder, take));
      const writing = { coding, path: pathOf(folder, take), ffmpeg, signal, note };
      const own = packetsFor(take);
      if (own) {
        const segment = await copyPackets(own, take, writing);
        if (segment) return segment;
        note(`${frameNumbers(reel, take)} are encoded anew: their packets did not come through whole.`);
      }
      return copyTake(take, writing);
    },
    holds: (segment) => holdsTake((whole ? deferredPath : pathOf)(segment.folder, segment), segment.sha256),
    stands: (segment) => standsTake((whole ? deferredPath : pathOf)(segment.folder, segment), segment),
    // A movie is replaced as one file, whatever that holds.
    foreignFiles: async () => [],
    // The segments are read, and stay in any case.
    async conform(segments, { signal, replace, restorers = [] }) {
      if (!replace) await assertTargetFree(out);
      const takes = inOrder(out, segments).map((take) => ({ ...take, path: pathOf(take.folder, take) }));
      const range = { in: takes[0]?.in ?? 0, out: takes.at(-1)?.out ?? 0 };
      const unfinished = unfinishedName(out);
      await makeFolder(dirname(out));
      const kept = takes.filter(({ packets }) => packets);
      const declaration = restorers.length > 0 ? options.declaring?.(restorers) : undefined;
      const join = (from: readonly TakeFile[] | MovieReel) =>
        conformMovie(final, from, { unfinished, out, declaration }, { ffmpeg, signal });
      const verify = ({ source, timecode, audio, packets }: Conformed) => {
        const expected = { final: out, reel, source, range, colour: final.colour, timecode, audio, hdr10: codec.hdr10 };
        return verifyMovie(
          unfinished,
          { ...expected, packets: kept.length > 0 ? packets : undefined },
          { ffmpeg, signal },
        );
      };
      try {
        let joined = await join(whole ?? takes);
        const differing = await verify(joined).catch(async (error: unknown) => {
          if (!whole || !(error instanceof OutputError)) throw error;
          // What stands in for a frame that no decoder gives is found out take by take.
          for (const { path, ...take } of takes) await copyTake(take, { coding, path, ffmpeg, signal, note });
          await removeFile(unfinished);
          joined = await join(takes);
          return verify(joined);
        });
        for (const sentence of [...joined.notes, ...differing, ...keptNote(kept, range)]) note(sentence);
        await syncPath(unfinished);
        // Packets are copied, so that those of the takes are the output's, and the output need not be read for them.
        const known = codec.intra && whole === null ? packetsOf(takes) : null;
        const [sha256, packets] = await Promise.all([
          sha256OfFiles([unfinished], signal),
          known ?? shownPackets(unfinished, ffmpeg, signal),
        ]);
        await publish(unfinished, out);
        const pictures = packets.map((hash, k) => ({ frame: range.in + k, sha256: hash }));
        const isWhole = packets.length === lengthOf(range);
        return [{ path: out, sha256, frames: lengthOf(range), ...(isWhole ? { pictures } : {}) }];
      } finally {
        await removeFile(unfinished);
      }
    },
  };
}

function hasDamage(reel: Reel, take: FrameRange): boolean {
  return [...reel.damaged.keys()].some((frame) => contains(take, frame));
}

function frameNumbers(reel: Reel, { in: from, out }: FrameRange): string {
  return `Frames ${frameNumber(reel, from)} to ${frameNumber(reel, out - 1)}`;
}

function keptNote(kept: readonly FrameRange[], range: FrameRange): string[] {
  const frames = kept.reduce((sum, take) => sum + lengthOf(take), 0);
  if (frames === 0) return [];
  return [`${frames} of ${lengthOf(range)} frames are the source's own packets, untouched to the bit.`];
}

/** SHA-256 of the packets of takes, as the takes tell; null where one does not. */
function packetsOf(takes: readonly Pick<Segment, 'pictures'>[]): string[] | null {
  return takes.every(({ pictures }) => pictures) ? takes.flatMap(({ pictures }) => pictures ?? []) : null;
}

function inOrder(out: string, segments: readonly Segment[]): Segment[] {
  const sorted = [...segments].sort((a, b) => a.in - b.in);
  sorted.forEach((segment, k) => {
    const before = sorted[k - 1];
    if (before && before.out !== segment.in) {
      throw new OutputError(
        out,
        `"${out}": its takes do not join: one ends before frame ${before.out}, the next begins at ${segment.in}.`,
      );
    }
  });
  if (sorted.length === 0) throw new OutputError(out, `"${out}": there is no take to write.`);
  return sorted;
}
