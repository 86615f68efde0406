import { basename } from 'node:path';
import type { ColourTags } from '../../../film/colour.ts';
import type { StillKind } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../../../film/sample-format.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { plainLine } from '../../ffmpeg/stderr-log.ts';
import { DamagedStill, UnsupportedStill } from '../../still/damaged-still.ts';
import type { StillInfo } from '../../still/still-info.ts';
import type { Listing } from './list-sequence.ts';
import { probeStill } from './probe-still.ts';
import { MisnamedStill, UnreachableStill } from './read-stills.ts';

/** Whole stills that ffmpeg fails to decode, after which the others are not tried. */
const MOST_FAILURES = 5;

/** The files of a folder as they were read. */
export interface ReadFolder {
  readonly path: string;
  /** Number of the first. */
  readonly first: number;
  readonly files: readonly (string | null)[];
  readonly stills: readonly (StillInfo | DamagedStill | null)[];
  /** What is wrong with a frame; grows while stills are probed. */
  readonly damaged: Map<number, string>;
  readonly patternOf: Listing['patternOf'];
}

/** What is known of a folder's stills by the first of them. */
export interface FolderProbe {
  readonly format: SampleFormat;
  readonly pixelFormat: string;
  readonly colour: ColourTags;
  /** True where this program reads them, because ffmpeg does not read them all, or not rightly. */
  readonly unpacked: boolean;
}

export function isWholeStill(still: StillInfo | DamagedStill | null): still is StillInfo {
  return still !== null && !(still instanceof DamagedStill);
}

/**
 * The facts of the first still that this program reads, or that ffmpeg can decode where none needs to be; those before it that
 * ffmpeg cannot are added to `damaged`.
 */
export async function probeFirst(
  read: ReadFolder,
  kind: StillKind,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<{ probe: FolderProbe; at: number }> {
  const { files, stills, damaged } = read;
  const own = stills.findIndex((still) => isWholeStill(still) && still.unpacked);
  if (own >= 0) return { probe: unpackedProbe(stills[own] as StillInfo), at: own };
  let failures = 0;
  for (const [at, file] of files.entries()) {
    const still = stills[at];
    if (file === null || !still || !isWholeStill(still)) continue;
    try {
      const probe = await probeStill(file, kind, ffmpeg, signal);
      const format = formatOf(file, kind, probe.pixelFormat);
      const said = still.pixelFormat && sampleFormat(still.pixelFormat).name;
      if (probe.width !== still.width || probe.height !== still.height || (said !== null && said !== format.name)) {
        throw new ReelError(
          `"${file}" is ${[`${still.width}×${still.height}`, ...(said ? [said] : [])].join(' ')} by its header, but ffmpeg reads it as ${probe.width}×${probe.height} ${format.name}. Save the reel in a plainer form, such as uncompressed TIFF.`,
        );
      }
      return { probe: { ...probe, format, unpacked: false }, at };
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

function unpackedProbe({ pixelFormat, unpacked }: StillInfo): FolderProbe {
  const format = sampleFormat(pixelFormat as string);
  return { format, pixelFormat: format.name, colour: unpacked?.colour ?? {}, unpacked: true };
}

/** @throws ReelError for samples that are not worked on */
export function formatOf(file: string, kind: StillKind, pixelFormat: string): SampleFormat {
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
  return new ReelError([`${none}: ${damaged.get(at)}.`, ...adviceOn(stills[at])].join(' '));
}

/** What a person can do about a still that comes to no picture; one that is not known as damaged failed in ffmpeg. */
function adviceOn(still: StillInfo | DamagedStill | null | undefined): string[] {
  // Its own sentence says so.
  if (still instanceof UnsupportedStill) return [];
  if (still instanceof MisnamedStill) return ['Give the files the extension of what they are.'];
  if (still instanceof UnreachableStill) return ['Copy the reel anew, with the files themselves.'];
  if (still instanceof DamagedStill) return ['Check where it was written or copied from.'];
  return ['Check that it is whole, or save the reel in a plainer form, such as uncompressed TIFF.'];
}
