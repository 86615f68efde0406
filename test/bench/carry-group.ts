import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { carryPoints, type Similarity3 } from '../../src/motion/similarity3.ts';
import type { CarryBench, CarryCase } from './carry.ts';
import { runsOf, SCHEMES, type Scheme, trackBy } from './carry-schemes.ts';
import { type GroupClip, groupClip } from './group-motion.ts';
import type { ClipOptions } from './known-motion.ts';
import { steadinessOf } from './steadiness.ts';
import { type StillFaces, stillFaces } from './still-faces.ts';

/** A still of several faces, moved as a whole, and what is asked of its worst face and of the runs. */
export interface GroupCondition extends Pick<ClipOptions, 'motion' | 'interOcular' | 'grain'> {
  readonly file: string;
  /** Greatest jitter of the worst face, per cent of the distance between its eyes. */
  readonly most: number;
  /** Least share of detector and recogniser runs that are spared, per cent of every network on every frame. */
  readonly spared: number;
}

const THREE = { file: 'group-of-three.jpg', interOcular: 65, grain: 3 } as const;
const FIVE = { file: 'group-of-five.jpg', interOcular: 65, grain: 3 } as const;

export const GROUP_CONDITIONS: readonly GroupCondition[] = [
  { ...THREE, motion: 'static', most: 0.1, spared: 95 },
  { ...THREE, motion: 'slow', most: 0.12, spared: 95 },
  { ...THREE, motion: 'swing', most: 0.2, spared: 90 },
  { ...FIVE, motion: 'slow', most: 0.12, spared: 95 },
  { ...FIVE, motion: 'swing', most: 0.2, spared: 90 },
];

export function nameOfGroup({ file, motion, interOcular, grain }: GroupCondition): string {
  return `${file.replace(/\..*$/, '')}, ${motion}, ${interOcular} px, grain ${grain}`;
}

const FRAMES = 72;

export const GROUP_COLUMNS = [
  'clip',
  'faces',
  'tracks',
  'of the face frames %',
  'jitter D, worst face',
  'T',
  'ours',
  'ours, mean face',
  'spread ours, worst face',
  'spared but for audits: detector runs %',
  'landmarks %',
  'recogniser %',
  'ms a frame',
  'time / D',
];

/** Distance of a track from a face, over that between its eyes, up to which it is this face's. */
const NEAR = 0.5;

/** Every scheme on several faces at once; judged by the worst of them. */
export async function groupCase(condition: GroupCondition, { networks, preset }: CarryBench): Promise<CarryCase> {
  const name = nameOfGroup(condition);
  const broken: string[] = [];
  const still: StillFaces = await stillFaces(condition.file, networks);
  const clip = groupClip(still, { ...condition, frames: FRAMES, seed: 1 });
  const seen = new Map<Scheme, Awaited<ReturnType<typeof trackBy>>>();
  for (const scheme of SCHEMES) seen.set(scheme, await trackBy(scheme, clip.pictures, networks, preset));
  const found = (scheme: Scheme) => seen.get(scheme) as Awaited<ReturnType<typeof trackBy>>;
  const faces = new Map(
    SCHEMES.map((scheme) => [scheme, clip.faces.map((face) => longestOf(found(scheme).tracks, face, clip))]),
  );
  const steadiness = (scheme: Scheme) =>
    (faces.get(scheme) ?? []).flatMap((track, k) =>
      track
        ? [
            steadinessOf(
              track.observations.map(({ landmarks }) => landmarks),
              clip.faces[k] as Landmarks,
              clip.toPicture.slice(track.in, track.out),
            ),
          ]
        : [],
    );
  const worst = (scheme: Scheme, key: 'jitter' | 'spread') => Math.max(...steadiness(scheme).map((one) => one[key]));
  const own = steadiness('ours');
  const covered =
    (100 * (faces.get('ours') ?? []).reduce((sum, track) => sum + (track?.observations.length ?? 0), 0)) /
    (FRAMES * clip.faces.length);
  // Audits, two in a hundred skipped runs, are made to report on the others.
  const spared = (network: 'detector' | 'landmarker' | 'recogniser') => {
    const { counts } = found('ours');
    const runs = runsOf(counts, network) - (counts[network].audit ?? 0);
    return 100 - (100 * runs) / runsOf(found('D').counts, network);
  };

  const jitter = worst('ours', 'jitter');
  if (covered < 100 || found('ours').tracks.length !== clip.faces.length) {
    broken.push(
      `${name}: ${found('ours').tracks.length} tracks were seen in place of ${clip.faces.length}, over ${covered.toFixed(0)} % of the frames.`,
    );
  }
  if (jitter > condition.most) {
    broken.push(`${name}: the worst face's jitter was ${jitter.toFixed(3)} %, at most ${condition.most} was meant.`);
  }
  for (const network of ['detector', 'recogniser'] as const) {
    if (spared(network) >= condition.spared) continue;
    broken.push(
      `${name}: ${spared(network).toFixed(1)} % of the ${network}'s runs were spared, ${condition.spared} were meant.`,
    );
  }
  return {
    row: [
      name,
      clip.faces.length,
      found('ours').tracks.length,
      covered,
      ...SCHEMES.map((scheme) => worst(scheme, 'jitter')),
      own.reduce((sum, one) => sum + one.jitter, 0) / own.length,
      worst('ours', 'spread'),
      spared('detector'),
      spared('landmarker'),
      spared('recogniser'),
      found('ours').msPerFrame,
      found('ours').msPerFrame / found('D').msPerFrame,
    ],
    facts: { ...condition, faces: own },
    broken,
  };
}

/** The longest track of a face. */
function longestOf(tracks: readonly FaceTrack[], face: Landmarks, { toPicture }: GroupClip): FaceTrack | undefined {
  return tracks
    .filter((track) => {
      const truth = fivePoints(carryPoints(toPicture[track.in] as Similarity3, face));
      const five = fivePoints(track.observations[0]?.landmarks as Landmarks);
      const apart = [4, 5].map((c) => (five[c] as number) - (truth[c] as number));
      return Math.hypot(...apart) <= NEAR * interOcular(truth);
    })
    .sort((a, b) => b.observations.length - a.observations.length)[0];
}
