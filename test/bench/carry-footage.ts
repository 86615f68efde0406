import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eyeOpenings, mouthOpening } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { lengthOf } from '../../src/film/range.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { decodeProxy } from '../../src/media/read/proxy.ts';
import { proxySize } from '../../src/pipeline/analysis/track-frames.ts';
import type { Preset } from '../../src/settings/preset.ts';
import { framePool } from '../../src/stream/frame-pool.ts';

export const FOOTAGE = join(import.meta.dirname, '../../../shared/footage');

/** The clips of a folder of footage. */
export async function clipsOf(folder: string): Promise<string[]> {
  return (await readdir(join(FOOTAGE, folder))).sort().map((name) => `${folder}/${name}`);
}

/** The first frames of a clip as the networks see them. */
export async function picturesOf(path: string, preset: Preset, frames: number): Promise<RgbPicture[]> {
  const ffmpeg = await findFfmpeg();
  const signal = new AbortController().signal;
  const reel = await probeReel(path, { transfer: 'auto', allowGaps: false }, ffmpeg, signal);
  const size = proxySize(reel, preset.proxy.longSide);
  const pool = framePool(2, size.width * size.height * 3);
  const pictures: RgbPicture[] = [];
  await new Promise<void>((resolve, reject) => {
    decodeProxy(reel, { in: 0, out: Math.min(frames, reel.frames) }, size, { pool, ffmpeg, signal }).subscribe({
      next: ({ loan }) => {
        pictures.push({ ...size, rgb: loan.bytes.slice() });
        loan.release();
      },
      error: reject,
      complete: resolve,
    });
  });
  return pictures;
}

/** How the tracks of two schemes agree. */
export interface Agreement {
  /** Faces of at least `LEAST` frames that the one saw and the other did not. */
  readonly missed: number;
  /** Greatest difference of an entrance or an exit between two tracks that match, frames. */
  readonly worst: number;
  /** Share of the face frames of the one that the other has too, per cent. */
  readonly covered: number;
}

/** Tracks shorter than this are a detector's guesses. */
const LEAST = 3;
const NEAR = 0.6;

export function agreementOf(reference: readonly FaceTrack[], tracks: readonly FaceTrack[]): Agreement {
  let missed = 0;
  let worst = 0;
  let frames = 0;
  let seen = 0;
  for (const track of reference.filter((one) => lengthOf(one) >= LEAST)) {
    const same = tracks.filter((other) => other.shot === track.shot && shares(track, other));
    frames += lengthOf(track);
    for (const { frame } of track.observations) {
      if (same.some((other) => isNear(track, other, frame))) seen += 1;
    }
    if (same.length === 0) {
      missed += 1;
      continue;
    }
    const first = Math.min(...same.map((other) => other.in));
    const last = Math.max(...same.map((other) => other.out));
    worst = Math.max(worst, Math.abs(first - track.in), Math.abs(last - track.out));
  }
  return { missed, worst, covered: frames > 0 ? (100 * seen) / frames : 100 };
}

function shares(a: FaceTrack, b: FaceTrack): boolean {
  return a.observations.some(({ frame }) => isNear(a, b, frame));
}

function isNear(a: FaceTrack, b: FaceTrack, frame: number): boolean {
  const one = a.observations[frame - a.in]?.landmarks;
  const other = b.observations[frame - b.in]?.landmarks;
  if (!one || !other) return false;
  const width = Math.abs((one[3 * 263] as number) - (one[3 * 33] as number)) + 1;
  return (
    Math.hypot((one[3] as number) - (other[3] as number), (one[4] as number) - (other[4] as number)) < NEAR * width
  );
}

/** The longest of the tracks that show the same face as another, where they overlap. */
export function sameFace(tracks: readonly FaceTrack[], other: FaceTrack): FaceTrack | undefined {
  return tracks
    .filter((track) => track.shot === other.shot && shares(other, track))
    .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
}

/** Openings frame by frame: mouth, and both eyes' mean. */
export interface Openings {
  readonly mouth: readonly number[];
  readonly eyes: readonly number[];
}

export function openingsOf(track: FaceTrack, from: number, out: number): Openings {
  const some = track.observations.filter(({ frame }) => frame >= from && frame < out).map(({ landmarks }) => landmarks);
  return {
    mouth: some.map(mouthOpening),
    eyes: some.map((landmarks) => {
      const [left, right] = eyeOpenings(landmarks);
      return (left + right) / 2;
    }),
  };
}

/**
 * Share of the amplitude of `reference` that `values` keep, per cent. Both are regressed on a third signal of the same thing with
 * noise of its own (an instrumental variable), so that the reference's noise does not count as amplitude to be kept.
 */
export function amplitudeKept(
  values: readonly number[],
  reference: readonly number[],
  instrument: readonly number[],
): number {
  return (100 * covariance(values, instrument)) / covariance(reference, instrument);
}

/** Correlation of two signals of one length, −1 … 1; NaN where one of them is constant. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, v) => sum + v, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, v, k) => sum + (v - meanA) * ((b[k] as number) - meanB), 0);
}
