import { join } from 'node:path';
import { auditFacts } from '../../src/carry/audit-facts.ts';
import type { Networks } from '../../src/carry/counted-networks.ts';
import { lengthOf } from '../../src/film/range.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { loadPreset, type Preset } from '../../src/settings/preset.ts';
import type { Bench, Table } from './bench.ts';
import { agreementOf, amplitudeKept, clipsOf, FOOTAGE, openingsOf, picturesOf } from './carry-footage.ts';
import { lookBy, openingsReference, runsOf, SCHEMES, type Scheme } from './carry-schemes.ts';
import { type ClipOptions, knownMotionClip } from './known-motion.ts';
import { inverses, rms, steadinessOf } from './steadiness.ts';
import { uprightFace } from './upright-face.ts';

/** Faces whose stills are moved: file and which of its faces, from the left. */
const FACES: readonly (readonly [string, number])[] = [
  ['astronaut.png', 0],
  ['group-of-three.jpg', 1],
  ['group-of-five.jpg', 2],
];

type Condition = Pick<ClipOptions, 'motion' | 'interOcular' | 'grain'>;

const CONDITIONS: readonly Condition[] = [
  { motion: 'static', interOcular: 80, grain: 3 },
  { motion: 'slow', interOcular: 80, grain: 3 },
  { motion: 'fast', interOcular: 80, grain: 3 },
  { motion: 'slow', interOcular: 80, grain: 0 },
  { motion: 'slow', interOcular: 80, grain: 6 },
  { motion: 'slow', interOcular: 40, grain: 3 },
  { motion: 'slow', interOcular: 160, grain: 3 },
];

const FRAMES = 72;

/** Steadiness, runs and time of carrying against looking at every frame; issue "Carry". */
export const carryBench: Bench = async ({ say }) => {
  const preset = await loadPreset('restore');
  const library = openLibrary();
  await using detector = await openDetector(library, preset.models.detector);
  await using landmarker = await openLandmarker(library, preset.models.landmarker);
  await using recogniser = await openRecogniser(library, preset.models.recogniser);
  const networks: Networks = { detector, landmarker, recogniser };
  const only = process.env['CARRY_ONLY']?.split(',');
  const conditions = only ? CONDITIONS.filter((_, k) => only.includes(String(k))) : CONDITIONS;
  const parts = (process.env['CARRY_PARTS'] ?? 'known,footage').split(',');
  const tables: Table[] = [];
  const broken: string[] = [];
  const facts: Record<string, unknown> = {};
  if (parts.includes('known')) {
    const known = await knownMotion(networks, preset, conditions, say);
    tables.push(known.table);
    broken.push(...known.broken);
    facts['knownMotion'] = known.facts;
  }
  if (parts.includes('footage')) {
    const clips = [...(await clipsOf('talking')), ...(await clipsOf('people'))];
    const seen = await footage(networks, preset, clips, say);
    tables.push(seen.table);
    facts['footage'] = seen.table.rows;
    broken.push(...seen.broken);
  }
  return { tables, facts, broken };
};

/** Frames of a clip that are looked at: six seconds. */
const CLIP_FRAMES = 150;

/** What the schemes make of real footage, the same faces seen by each. */
async function footage(
  networks: Networks,
  preset: Preset,
  clips: readonly string[],
  say: (line: string) => void,
): Promise<{ table: Table; broken: string[] }> {
  const rows: (string | number)[][] = [];
  const broken: string[] = [];
  for (const clip of clips) {
    say(clip);
    const pictures = await picturesOf(join(FOOTAGE, clip), preset, CLIP_FRAMES);
    const every = await lookBy('D', pictures, networks, preset);
    const mesh = await lookBy('T', pictures, networks, preset);
    const ours = await lookBy('ours', pictures, networks, preset);
    const agreement = agreementOf(every.tracks, ours.tracks);
    const crossing = ours.tracks.filter((track) => {
      const shot = ours.shots[track.shot];
      return !shot || track.in < shot.in || track.out > shot.out;
    }).length;
    if (agreement.missed > 0) broken.push(`${clip}: ${agreement.missed} faces were missed.`);
    if (agreement.worst > 2) broken.push(`${clip}: an entrance or exit is ${agreement.worst} frames off.`);
    if (crossing > 0) broken.push(`${clip}: ${crossing} tracks cross a cut.`);
    const longest = [...ours.tracks].sort((a, b) => lengthOf(b) - lengthOf(a))[0];
    const amplitude = { mouth: Number.NaN, eyes: Number.NaN };
    const inference = await lookBy('ours', pictures, networks, openingsReference(preset));
    const reference = longest && inference.tracks.find((track) => track.in <= longest.in && track.out >= longest.out);
    if (longest && reference) {
      const a = openingsOf(longest, longest.in, longest.out);
      const b = openingsOf(reference, longest.in, longest.out);
      amplitude.mouth = amplitudeKept(a.mouth, b.mouth);
      amplitude.eyes = amplitudeKept(a.eyes, b.eyes);
    }
    const share = (network: 'detector' | 'landmarker' | 'recogniser') =>
      (100 * runsOf(ours.counts, network)) / runsOf(every.counts, network);
    const audit = auditFacts(ours.shots.flatMap((shot) => shot.histories.flatMap(({ audits }) => audits)));
    rows.push([
      clip,
      pictures.length,
      every.tracks.length,
      ours.tracks.length,
      agreement.missed,
      agreement.worst,
      agreement.covered,
      share('detector'),
      share('landmarker'),
      share('recogniser'),
      amplitude.mouth,
      amplitude.eyes,
      audit?.rigid ?? Number.NaN,
      audit?.lips ?? Number.NaN,
      ours.msPerFrame,
      ours.msPerFrame / every.msPerFrame,
      ours.msPerFrame / mesh.msPerFrame,
    ]);
  }
  return {
    table: {
      title: 'Footage (the first six seconds of each clip)',
      columns: [
        'clip',
        'frames',
        'tracks D',
        'tracks',
        'missed',
        'entrance or exit off, frames',
        'of D’s face frames %',
        'detector runs % of D',
        'landmarks %',
        'recogniser %',
        'mouth kept % of inference',
        'eyes kept %',
        'audit rigid % IOD',
        'audit lips',
        'ms a frame',
        'time / D',
        'time / T',
      ],
      rows,
    },
    broken,
  };
}

interface KnownResult {
  readonly scheme: Scheme;
  readonly jitter: number;
  readonly spread: number;
  readonly ms: number;
  readonly runs: Readonly<Record<'detector' | 'landmarker' | 'recogniser', number>>;
}

async function knownMotion(
  networks: Networks,
  preset: Preset,
  conditions: readonly Condition[],
  say: (line: string) => void,
): Promise<{ table: Table; facts: unknown; broken: string[] }> {
  const rows: (string | number)[][] = [];
  const facts: unknown[] = [];
  const broken: string[] = [];
  const faces = await Promise.all(FACES.map(([file, which]) => uprightFace(file, which, networks)));
  for (const condition of conditions) {
    const name = `${condition.motion}, ${condition.interOcular} px, grain ${condition.grain}`;
    say(name);
    const results = new Map<Scheme, KnownResult[]>(SCHEMES.map((scheme) => [scheme, []]));
    for (const [k, face] of faces.entries()) {
      const clip = knownMotionClip(face.still, face.upright, { ...condition, frames: FRAMES, seed: 1 + k });
      for (const scheme of SCHEMES) {
        const looked = await lookBy(scheme, clip.pictures, networks, preset);
        const track = looked.tracks[0];
        if (looked.tracks.length !== 1 || track?.sightings.length !== FRAMES) {
          broken.push(
            `${name}, ${FACES[k]?.[0]}, ${scheme}: ${looked.tracks.length} tracks were seen in place of one.`,
          );
          continue;
        }
        const landmarks = track.sightings.map((sighting) => sighting.landmarks);
        results.get(scheme)?.push({
          scheme,
          ...steadinessOf(landmarks, inverses(clip.toPicture)),
          ms: looked.msPerFrame,
          runs: {
            detector: runsOf(looked.counts, 'detector'),
            landmarker: runsOf(looked.counts, 'landmarker'),
            recogniser: runsOf(looked.counts, 'recogniser'),
          },
        });
      }
    }
    facts.push({ ...condition, results: Object.fromEntries(results) });
    const of = (scheme: Scheme, key: 'jitter' | 'spread') => rms((results.get(scheme) ?? []).map((r) => r[key]));
    const runs = (key: keyof KnownResult['runs']) =>
      (100 * sum(results.get('ours'), (r) => r.runs[key])) / sum(results.get('D'), (r) => r.runs[key]);
    const ms = (scheme: Scheme) => sum(results.get(scheme), (r) => r.ms) / faces.length;
    rows.push([
      name,
      ...SCHEMES.map((scheme) => of(scheme, 'jitter')),
      of('D', 'jitter') / of('ours', 'jitter'),
      ...SCHEMES.map((scheme) => of(scheme, 'spread')),
      runs('detector'),
      runs('landmarker'),
      runs('recogniser'),
      ms('ours'),
      ms('ours') / ms('D'),
      ms('ours') / ms('T'),
    ]);
  }
  return {
    table: {
      title: 'Known motion (second difference and spread, % of inter-ocular distance; three stills)',
      columns: [
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
      ],
      rows,
    },
    facts,
    broken,
  };
}

function sum<T>(list: readonly T[] | undefined, of: (item: T) => number): number {
  return (list ?? []).reduce((total, item) => total + of(item), 0);
}
