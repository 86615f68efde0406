import { OutputError } from '../../../disk/output-error.ts';
import type { ColourTags } from '../../../film/colour.ts';
import { describeHdr10 } from '../../../film/hdr.ts';
import type { FrameRange } from '../../../film/range.ts';
import { equalRational, toNumber } from '../../../film/rational.ts';
import type { MovieReel, Reel } from '../../../film/reel.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { type FileInfo, pictureStreamOf, type StreamInfo } from '../../ffmpeg/probe-streams.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import { openMovie, probeMovie } from '../../read/movie/probe-movie.ts';
import { taggedColour } from '../../read/tagged-colour.ts';
import { holdsDisplayMatrix } from './display-matrix.ts';
import { lostTags } from './lost-tags.ts';
import { codedPicture } from './take-coding.ts';

/** What a written movie should be. */
export interface Expected {
  /** Its final name, for messages. */
  readonly final: string;
  readonly reel: Reel;
  /** The reel's file; absent of a folder. */
  readonly source: FileInfo | undefined;
  readonly range: FrameRange;
  readonly colour: ColourTags;
  readonly timecode: string | undefined;
  readonly audio: number;
  /** True where the codec keeps what HDR10 states of the reel. */
  readonly hdr10: boolean;
  /** Hashes of its packets in order, by `PACKET_HASH`, where they are to be held to. */
  readonly packets: readonly string[] | undefined;
}

/**
 * Opens a written movie again and compares it with what it should be. What differs without harm to picture or order comes back as
 * sentences.
 *
 * @throws OutputError where frames, their size or their sound are missing.
 */
export async function verifyMovie(
  path: string,
  expected: Expected,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<string[]> {
  const { final, reel, range, source } = expected;
  const file = await probeMovie(path, ffmpeg, signal);
  const { packets } = expected;
  let found: readonly string[] = [];
  const onPackets = (hashes: readonly string[]) => {
    found = hashes;
  };
  const options = { transfer: 'auto', file, ...(packets ? { onPackets } : {}) } as const;
  const written = await openMovie(path, options, ffmpeg, signal);
  const frames = range.out - range.in;
  const [stored, wanted] = [codedPicture(written), codedPicture(reel)];
  const wrong = [
    ...(written.frames === frames ? [] : [`${frames} frames were expected, it has ${written.frames}`]),
    ...(stored.width === wanted.width && stored.height === wanted.height
      ? []
      : [`${wanted.width} × ${wanted.height} was expected, it is ${stored.width} × ${stored.height}`]),
    ...(written.audioStreams === expected.audio
      ? []
      : [`${expected.audio} sound streams were expected, it has ${written.audioStreams}`]),
    ...misplaced(written, reel, range),
    ...(packets ? changed(found, packets) : []),
  ];
  if (wrong.length > 0) {
    throw new OutputError(
      final,
      `"${final}" was not written as it should be: ${wrong.join('; ')}. Run the same command again, or choose another --out.`,
    );
  }
  const tagged = taggedColour(pictureStreamOf(file) as StreamInfo);
  const differing = differences({ ...written, colour: tagged }, expected);
  return [...differing, ...(source ? lostTags(source, file) : [])];
}

function changed(found: readonly string[], wanted: readonly string[]): string[] {
  const frame = wanted.findIndex((hash, k) => hash !== found[k]);
  return frame < 0 ? [] : [`its frame ${frame + 1} is not the packet that was written`];
}

/** The first frame that is not shown when it should be, after the first; a container's unit and a half is as near as it gets. */
export function misplaced(written: MovieReel, reel: Reel, range: FrameRange): string[] {
  const slack = 1.5 * toNumber(written.timeBase);
  const since = (of: Reel, first: number, frame: number): number => {
    if (of.kind === 'folder' || (of === reel && !isVariableRate(reel))) return (frame - first) / toNumber(of.rate);
    return ((of.times[frame] as number) - (of.times[first] as number)) * toNumber(of.timeBase);
  };
  for (let k = 0; k < Math.min(written.frames, range.out - range.in); k++) {
    const [found, wanted] = [since(written, 0, k), since(reel, range.in, range.in + k)];
    if (Math.abs(found - wanted) > slack) {
      return [`its frame ${k + 1} is shown after ${found.toFixed(4)} s instead of ${wanted.toFixed(4)} s`];
    }
  }
  return [];
}

function differences(written: MovieReel, { final, reel, colour, timecode, hdr10 }: Expected): string[] {
  const lost: string[] = [];
  for (const key of ['range', 'primaries', 'transfer', 'matrix', 'chromaLocation'] as const) {
    if (colour[key] !== undefined && written.colour[key] !== colour[key]) {
      lost.push(`the colour tag ${key} is ${written.colour[key] ?? 'absent'} instead of ${colour[key]}`);
    }
  }
  if (timecode !== undefined && written.timecode !== timecode) {
    lost.push(`the timecode is ${written.timecode ?? 'absent'} instead of ${timecode}`);
  }
  if (reel.pixelAspect && !equalRational(written.pixelAspect, reel.pixelAspect)) lost.push('the pixel aspect');
  if (reel.kind === 'movie') {
    // Of a container without one the join has said so.
    const isTurned = holdsDisplayMatrix(final) && `${written.displayMatrix}` !== `${reel.displayMatrix}`;
    if (isTurned) lost.push('how the picture is turned');
    const [wanted, found] = [reel, written].map((of) => describeHdr10(of.hdr10 ?? {}));
    if (hdr10 && found !== wanted) lost.push(`${wanted} (it has ${found || 'none'})`);
    if (isTop(written) !== isTop(reel)) lost.push('the field order');
  }
  if (!isVariableRate(reel) && !equalRational(written.rate, reel.rate))
    lost.push(`the rate ${reel.rate.num}/${reel.rate.den}`);
  return lost.length > 0 ? [`The container does not keep: ${lost.join('; ')}.`] : [];
}

/** Which field comes first, `progressive` where none does. */
export function isTop({ fields }: Pick<MovieReel, 'fields'>): string {
  return fields === 'progressive' ? fields : /^t/.test(fields) ? 'top' : 'bottom';
}
