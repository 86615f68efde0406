import type { ShotTruth } from '../../samples/reel-truth.ts';
import { differingOutside } from '../../src/metrics/fidelity.ts';
import { type Flicker, flickerMeter } from '../../src/metrics/flicker.ts';
import { decoded } from '../e2e/decoded.ts';
import { readMattes } from '../e2e/mattes.ts';
import { faceLuma, PATCH, patchToPlate, steadyFace } from './face-space.ts';
import { decibels, type PictureScore, pictureScore, rgbOfPlate } from './picture-score.ts';
import type { RestoredSample } from './sample-reel.ts';
import { HIDDEN, type TrackScore, trackScore } from './track-score.ts';
import { truthRegions } from './truth-regions.ts';

/** Decibels of PSNR by region, and mean SSIM of the face; NaN where there is no face. */
export interface ShotPicture {
  readonly face: number;
  readonly eyes: number;
  readonly mouth: number;
  readonly ssim: number;
}

export interface ShotScore {
  readonly kind: ShotTruth['kind'];
  readonly frames: number;
  /** Frames that have a matte, and those of them that show no face, or one that is mostly hidden. */
  readonly restored: number;
  readonly restoredUnseen: number;
  /** Frames passed on while a lamp flashed: a light of their own, which a restorer may refuse. */
  readonly refusedFlashes: number;
  /** Samples outside the mattes that are not the same bits. */
  readonly differingOutside: number;
  readonly before: ShotPicture;
  readonly after: ShotPicture;
  readonly tracks: TrackScore;
  readonly output: TrackScore;
  readonly flicker: { readonly clean: Flicker; readonly before: Flicker; readonly after: Flicker };
}

/** Compares a restored sample reel with its truth, in one pass over the frames. */
export async function scoreShots(sample: RestoredSample): Promise<ShotScore[]> {
  const { truth } = sample;
  const mattes = await readMattes(sample.mattes);
  const before = decoded(sample.reel);
  const after = decoded(sample.out);
  const scores: ShotScore[] = [];
  for (const shot of truth.shots) {
    const visible = range(shot).filter((frame) => truth.frame(frame).face !== null);
    const mask = steadyFace(truth, visible);
    const meters = {
      clean: flickerMeter(PATCH, mask),
      before: flickerMeter(PATCH, mask),
      after: flickerMeter(PATCH, mask),
    };
    const pictures: { before: PictureScore[]; after: PictureScore[] } = { before: [], after: [] };
    let differing = 0;
    let restored = 0;
    let restoredUnseen = 0;
    let refusedFlashes = 0;
    for (const frame of range(shot)) {
      const [old, now] = [(await before.next()).value, (await after.next()).value];
      if (!old || !now) throw new Error(`The reel or its output ends before frame ${frame}.`);
      const matte = mattes.get(truth.first + frame) ?? null;
      if (matte) restored += 1;
      else if (truth.flashes.includes(frame)) refusedFlashes += 1;
      if (matte && (truth.frame(frame).face?.hidden ?? 1) >= HIDDEN) restoredUnseen += 1;
      differing += differingOutside(old, now, matte);
      const regions = truthRegions(truth, frame);
      const toPlate = patchToPlate(truth, frame);
      if (!regions || !toPlate) continue;
      const clean = truth.renderClean(frame);
      const [worn, output] = [rgbOfPlate(old), rgbOfPlate(now)];
      pictures.before.push(pictureScore(worn, clean, regions));
      pictures.after.push(pictureScore(output, clean, regions));
      meters.clean.push(faceLuma(clean, toPlate));
      meters.before.push(faceLuma(worn, toPlate));
      meters.after.push(faceLuma(output, toPlate));
    }
    scores.push({
      kind: shot.kind,
      frames: shot.out - shot.in,
      restored,
      restoredUnseen,
      refusedFlashes,
      differingOutside: differing,
      before: together(pictures.before),
      after: together(pictures.after),
      tracks: trackScore(truth, shot, sample.tracks),
      output: trackScore(truth, shot, sample.tracksOfOutput),
      flicker: { clean: meters.clean.read(), before: meters.before.read(), after: meters.after.read() },
    });
  }
  return scores;
}

function together(scores: readonly PictureScore[]): ShotPicture {
  const of = (region: 'face' | 'eyes' | 'mouth') => decibels(scores.map((score) => score[region]));
  const similarities = scores.map((score) => score.ssim).filter((value) => !Number.isNaN(value));
  return {
    face: of('face'),
    eyes: of('eyes'),
    mouth: of('mouth'),
    ssim: similarities.reduce((sum, value) => sum + value, 0) / similarities.length,
  };
}

function range({ in: from, out }: ShotTruth): number[] {
  return Array.from({ length: out - from }, (_, k) => from + k);
}
