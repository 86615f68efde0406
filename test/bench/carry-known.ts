import type { Networks } from '../../src/carry/track/counted-networks.ts';
import type { CarryBench, CarryCase } from './carry.ts';
import { runsOf, SCHEMES, type Scheme, trackBy } from './carry-schemes.ts';
import { type ClipOptions, knownMotionClip } from './known-motion.ts';
import { steadinessOf } from './steadiness.ts';
import { stillFaces } from './still-faces.ts';
import { type UprightFace, uprightFace } from './upright-face.ts';

/** Faces whose stills are moved: file and which of its faces, from the left. */
const FACES: readonly (readonly [string, number])[] = [
  ['astronaut.png', 0],
  ['group-of-three.jpg', 1],
  ['group-of-five.jpg', 2],
];

export type Condition = Pick<ClipOptions, 'motion' | 'interOcular' | 'grain'>;

export const CONDITIONS: readonly Condition[] = [
  { motion: 'static', interOcular: 80, grain: 3 },
  { motion: 'slow', interOcular: 80, grain: 3 },
  { motion: 'fast', interOcular: 80, grain: 3 },
  { motion: 'turning', interOcular: 80, grain: 3 },
  { motion: 'slow', interOcular: 80, grain: 0 },
  { motion: 'slow', interOcular: 80, grain: 6 },
  { motion: 'slow', interOcular: 40, grain: 3 },
  { motion: 'slow', interOcular: 160, grain: 3 },
];

export function nameOf({ motion, interOcular, grain }: Condition): string {
  return `${motion}, ${interOcular} px, grain ${grain}`;
}

const FRAMES = 72;
/** Greatest spread about the mean, per cent of inter-ocular distance. */
const MOST_SPREAD = 0.5;

export const KNOWN_COLUMNS = [
  'clip',
  'jitter D',
  'jitter T',
  'jitter ours',
  'D / ours',
  'spread D',
  'spread T',
  'spread ours',
  'detector runs % of D',
  'landmarks %',
  'recogniser %',
  'ms a frame',
  'time / D',
  'time / T',
];

interface KnownResult {
  readonly jitter: number;
  readonly spread: number;
  readonly ms: number;
  readonly runs: Readonly<Record<'detector' | 'landmarker' | 'recogniser', number>>;
}

/** All schemes on stills that were moved in a known way. */
export async function knownCase(
  condition: Condition,
  faces: readonly UprightFace[],
  { networks, preset }: CarryBench,
): Promise<CarryCase> {
  const name = nameOf(condition);
  const broken: string[] = [];
  const results = new Map<Scheme, KnownResult[]>(SCHEMES.map((scheme) => [scheme, []]));
  for (const [k, face] of faces.entries()) {
    const clip = knownMotionClip(face, { ...condition, frames: FRAMES, seed: 1 + k });
    for (const scheme of SCHEMES) {
      const tracked = await trackBy(scheme, clip.pictures, networks, preset);
      const track = tracked.tracks[0];
      if (tracked.tracks.length !== 1 || track?.observations.length !== FRAMES) {
        broken.push(`${name}, ${face.file}, ${scheme}: ${tracked.tracks.length} tracks were seen in place of one.`);
        continue;
      }
      results.get(scheme)?.push({
        ...steadinessOf(
          track.observations.map(({ landmarks }) => landmarks),
          clip.face,
          clip.toPicture,
        ),
        ms: tracked.msPerFrame,
        runs: {
          detector: runsOf(tracked.counts, 'detector'),
          landmarker: runsOf(tracked.counts, 'landmarker'),
          recogniser: runsOf(tracked.counts, 'recogniser'),
        },
      });
    }
  }
  // A shot with a steady face beside one that trembles is a shot that trembles: each figure is that of its worst face.
  const of = (scheme: Scheme, key: 'jitter' | 'spread') => Math.max(...(results.get(scheme) ?? []).map((r) => r[key]));
  const runs = (key: keyof KnownResult['runs']) =>
    (100 * sum(results.get('ours'), (r) => r.runs[key])) / sum(results.get('D'), (r) => r.runs[key]);
  const ms = (scheme: Scheme) => sum(results.get(scheme), (r) => r.ms) / faces.length;
  const goal = jitterGoal(condition);
  const jitter = of('ours', 'jitter');
  const factor = Math.min(
    ...(results.get('ours') ?? []).map((r, k) => (results.get('D')?.[k]?.jitter ?? Number.NaN) / r.jitter),
  );
  if (jitter > goal.most) broken.push(`${name}: jitter ${jitter.toFixed(3)} %, at most ${goal.most} was meant.`);
  if (factor < goal.factor) broken.push(`${name}: jitter 1/${factor.toFixed(1)} of D's, 1/${goal.factor} was meant.`);
  const spread = of('ours', 'spread');
  // A head that turns is another picture in every pose, and the network's answers wander with it.
  const most = condition.motion === 'turning' ? Infinity : MOST_SPREAD;
  const mostSpread = Math.min(most, of('D', 'spread'), of('T', 'spread'));
  if (spread > mostSpread) {
    broken.push(`${name}: spread ${spread.toFixed(2)} %, at most ${mostSpread.toFixed(2)} was meant.`);
  }
  return {
    row: [
      name,
      ...SCHEMES.map((scheme) => of(scheme, 'jitter')),
      factor,
      ...SCHEMES.map((scheme) => of(scheme, 'spread')),
      runs('detector'),
      runs('landmarker'),
      runs('recogniser'),
      ms('ours'),
      ms('ours') / ms('D'),
      ms('ours') / ms('T'),
    ],
    facts: { ...condition, results: Object.fromEntries(results) },
    broken,
  };
}

/** Most jitter, per cent, and how many times less than D's. A head that turns shows with every frame what none has shown. */
function jitterGoal({ motion, grain, interOcular }: Condition): { readonly most: number; readonly factor: number } {
  if (motion === 'turning') return { most: 0.25, factor: 6 };
  return grain > 3 || interOcular < 80 ? { most: 0.15, factor: 10 } : { most: 0.1, factor: 12 };
}

function sum<T>(list: readonly T[] | undefined, of: (item: T) => number): number {
  return (list ?? []).reduce((total, item) => total + of(item), 0);
}

export function uprightFaces(networks: Networks): Promise<UprightFace[]> {
  return Promise.all(FACES.map(async ([file, which]) => uprightFace(await stillFaces(file, networks), which)));
}
