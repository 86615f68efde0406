import { join } from 'node:path';
import { auditFacts } from '../../src/carry/skip/audit-facts.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { lengthOf } from '../../src/film/range.ts';
import type { Preset } from '../../src/settings/preset.ts';
import type { CarryBench, CarryCase } from './carry.ts';
import {
  agreementOf,
  amplitudeKept,
  correlation,
  FOOTAGE,
  type Openings,
  openingsOf,
  picturesOf,
  sameFace,
} from './carry-footage.ts';
import { openingsReference, runsOf, trackBy } from './carry-schemes.ts';
import { type Restlessness, restlessness } from './flow-judge.ts';

/** Frames of a clip that are looked at: six seconds. */
const CLIP_FRAMES = 150;
/** Greatest share of D's restlessness, and least share of the openings, per cent. */
const MOST_RESTLESS = 0.5;
const LEAST_KEPT = 90;
/** Greatest mean error of skipped landmark runs, per cent of inter-ocular distance, and the share of them that is made to tell. */
const MOST_RIGID = 0.6;
const MOST_LIPS = 1.4;
const AUDITED = 0.5;

export const FOOTAGE_COLUMNS = [
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
  'jitter beyond the flow, median D',
  'T',
  'ours',
  'ours / D',
  'mouth kept % of inference',
  'inference and D on it, correlation',
  'eyes kept %',
  'inference and D on them, correlation',
  'audit rigid % IOD',
  'audit lips',
  'ms a frame',
  'time / D',
  'time / T',
];

/** What the schemes make of a real clip, the same faces seen by each. */
export async function footageCase(clip: string, { networks, preset }: CarryBench): Promise<CarryCase> {
  const pictures = await picturesOf(join(FOOTAGE, clip), preset, CLIP_FRAMES);
  const every = await trackBy('D', pictures, networks, preset);
  const mesh = await trackBy('T', pictures, networks, preset);
  const ours = await trackBy('ours', pictures, networks, preset);
  const inference = await trackBy('ours', pictures, networks, openingsReference(preset));
  const audited = await trackBy('ours', pictures, networks, auditedMore(preset));
  const broken: string[] = [];

  const agreement = agreementOf(every.tracks, ours.tracks);
  const crossing = ours.tracks.filter((track) => {
    const shot = ours.shots[track.shot];
    return !shot || track.in < shot.in || track.out > shot.out;
  }).length;
  if (agreement.missed > 0) broken.push(`${clip}: ${agreement.missed} faces were missed.`);
  if (agreement.worst > 2) broken.push(`${clip}: an entrance or exit is ${agreement.worst} frames off.`);
  if (crossing > 0) broken.push(`${clip}: ${crossing} tracks cross a cut.`);

  const longest = [...ours.tracks].sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  const kept = longest
    ? keptOf(longest, sameFace(inference.tracks, longest), sameFace(every.tracks, longest))
    : NOTHING;
  for (const part of ['mouth', 'eyes'] as const) {
    const { share, agreed } = kept[part];
    if (share < LEAST_KEPT) {
      broken.push(
        `${clip}: ${part} kept ${share.toFixed(0)} %, of an opening on which inference and D correlate by ${agreed.toFixed(2)}.`,
      );
    }
  }
  const faces = longest ? [longest, sameFace(every.tracks, longest), sameFace(mesh.tracks, longest)] : [];
  const [own, d, t] = faces.every((track) => track !== undefined)
    ? (restlessness(pictures, faces) as [Restlessness, Restlessness, Restlessness])
    : [STILL, STILL, STILL];
  if (own.median > MOST_RESTLESS * d.median || own.median > t.median) {
    broken.push(
      `${clip}: jitter beyond the flow ${own.median.toFixed(2)} % against ${d.median.toFixed(2)} (D) and ${t.median.toFixed(2)} (T); half of D's and less than T's was meant.`,
    );
  }

  const share = (network: 'detector' | 'landmarker' | 'recogniser') =>
    (100 * runsOf(ours.counts, network)) / runsOf(every.counts, network);
  const audit = auditFacts(audited.shots.flatMap((shot) => shot.histories.flatMap(({ audits }) => audits)));
  if (audit && (audit.rigid > MOST_RIGID || audit.lips > MOST_LIPS)) {
    broken.push(
      `${clip}: skipped runs were off by ${audit.rigid.toFixed(2)} (still parts) and ${audit.lips.toFixed(2)} % (lips), at most ${MOST_RIGID} and ${MOST_LIPS} were meant.`,
    );
  }
  const row = [
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
    d.median,
    t.median,
    own.median,
    own.median / d.median,
    kept.mouth.share,
    kept.mouth.agreed,
    kept.eyes.share,
    kept.eyes.agreed,
    audit?.rigid ?? Number.NaN,
    audit?.lips ?? Number.NaN,
    ours.msPerFrame,
    ours.msPerFrame / every.msPerFrame,
    ours.msPerFrame / mesh.msPerFrame,
  ];
  return { row, facts: { clip, row, restlessness: { D: d, T: t, ours: own } }, broken };
}

const STILL: Restlessness = { rms: Number.NaN, median: Number.NaN };

/** What a track keeps of an opening's amplitude. */
interface KeptOpening {
  /** Per cent. */
  readonly share: number;
  /** Correlation of the two signals that it was measured by, −1 … 1: near 0 nothing opened or closed, and the share is noise. */
  readonly agreed: number;
}

type KeptOpenings = Readonly<Record<keyof Openings, KeptOpening>>;

const UNKNOWN: KeptOpening = { share: Number.NaN, agreed: Number.NaN };
const NOTHING: KeptOpenings = { mouth: UNKNOWN, eyes: UNKNOWN };

function auditedMore(preset: Preset): Preset {
  return { ...preset, carrying: { ...preset.carrying, auditShare: AUDITED } };
}

/** What a track keeps of the openings of another of the same face; `third` saw it by other crops. */
function keptOf(track: FaceTrack, reference: FaceTrack | undefined, third: FaceTrack | undefined): KeptOpenings {
  if (!reference || !third) return NOTHING;
  const from = Math.max(track.in, reference.in, third.in);
  const out = Math.min(track.out, reference.out, third.out);
  const [a, b, c] = [track, reference, third].map((one) => openingsOf(one, from, out)) as [
    Openings,
    Openings,
    Openings,
  ];
  const keptBy = (part: keyof Openings): KeptOpening => ({
    share: amplitudeKept(a[part], b[part], c[part]),
    agreed: correlation(b[part], c[part]),
  });
  return { mouth: keptBy('mouth'), eyes: keptBy('eyes') };
}
