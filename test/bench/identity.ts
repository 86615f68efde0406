import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { type CastLimits, castTracks, thresholdAt } from '../../src/face/cast.ts';
import { cropOfDetection, cropOfLandmarks } from '../../src/face/crop.ts';
import type { Embedding } from '../../src/face/embedding.ts';
import { fivePoints, interOcular } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { observationQuality } from '../../src/face/pose.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset } from '../../src/settings/preset.ts';
import { settledPreset } from '../../src/settings/settled-preset.ts';
import type { Bench, Outcome } from './bench.ts';
import { normal } from './seeded-noise.ts';

/** How pictures are worn: distance between the eyes in pixels, blur's deviation over that distance, grain in levels. */
interface Wear {
  readonly name: string;
  readonly interOcular?: number;
  readonly blur?: number;
  readonly grain?: number;
}

const WEARS: readonly Wear[] = [
  { name: 'whole' },
  { name: '28 px between the eyes', interOcular: 28 },
  { name: '20 px, grain 6', interOcular: 20, grain: 6 },
  { name: 'blur 0.05', blur: 0.05 },
  { name: 'blur 0.09', blur: 0.09 },
];
/** Stills of a person to find by: the first of the person's other pictures. */
const STILLS = 4;
const THRESHOLDS = [0.5, 0.45, 0.42, 0.4, 0.38, 0.36, 0.32, 0.28];
/** Greatest share of pairs of a face and a person that it does not show, per cent, that may pass. */
const MOST_STRANGERS = 1;
const LARGEST = 900;

interface Seen {
  readonly person: string;
  readonly embedding: Embedding;
  readonly quality: number;
  readonly size: number;
}

/**
 * Strangers accepted against own faces refused, by threshold, over photographs of several people: `--people FOLDER` names a folder
 * with a folder a person, two pictures or more in each. Without it nothing is measured.
 */
export const identityBench: Bench = async ({ people: root, say }): Promise<Outcome> => {
  if (root === undefined) {
    say('no --people FOLDER was given, so nothing is measured.');
    return { tables: [], facts: null, broken: [] };
  }
  const preset = await loadPreset('restore', RESTORERS);
  const library = openLibrary();
  await using detector = await openDetector(library, preset.models.detector);
  await using landmarker = await openLandmarker(library, preset.models.landmarker);
  await using recogniser = await openRecogniser(library, preset.models.recogniser);
  const limits: CastLimits = settledPreset(preset, { detector, recogniser }).casting;
  const whole: (Seen & { readonly path: string })[] = [];
  const networks: Networks = { detector, landmarker, recogniser };
  for (const person of (await readdir(root)).sort()) {
    say(person);
    for (const file of (await readdir(join(root, person))).sort()) {
      const path = join(root, person, file);
      const seen = await look({ path, person, size: 1 }, { name: 'whole' }, networks);
      if (seen) whole.push({ ...seen, path });
    }
  }
  const rows: (string | number)[][] = [];
  const broken: string[] = [];
  for (const wear of WEARS) {
    say(wear.name);
    const faces: { readonly quality: number; readonly own: number | null; readonly strangers: readonly number[] }[] =
      [];
    for (const [k, still] of whole.entries()) {
      const face = wear.name === 'whole' ? still : await look(still, wear, networks, k);
      if (!face) continue;
      const likenessTo = (person: string) => {
        const find = whole.filter((other) => other.person === person && other !== still).slice(0, STILLS);
        return find.length === 0
          ? null
          : likeness(
              face,
              person,
              find.map(({ embedding }) => embedding),
              limits,
            );
      };
      const others = [...new Set(whole.map(({ person }) => person))].filter((person) => person !== still.person);
      faces.push({
        quality: face.quality,
        own: likenessTo(still.person),
        strangers: others.flatMap((person) => likenessTo(person) ?? []),
      });
    }
    const at = (asked: (quality: number) => number): [number, number] => {
      const own = faces.flatMap(({ own, quality }) => (own === null ? [] : [own < asked(quality) ? 1 : 0]));
      const strangers = faces.flatMap((face) => face.strangers.map((v) => (v >= asked(face.quality) ? 1 : 0)));
      return [100 * mean(own), 100 * mean(strangers)];
    };
    const preset = at((quality) => thresholdAt(quality, limits));
    const curve = THRESHOLDS.map((asked) =>
      at(() => asked)
        .map((v) => v.toFixed(1))
        .join(' / '),
    );
    rows.push([wear.name, faces.length, mean(faces.map(({ quality }) => quality)), ...preset, ...curve]);
    if (preset[1] > MOST_STRANGERS) {
      broken.push(`${wear.name}: ${preset[1].toFixed(1)} % of strangers pass, at most ${MOST_STRANGERS} % was meant.`);
    }
  }
  return {
    tables: [
      {
        title: `Casting by one picture (${whole.length} faces; own refused % / strangers accepted %, of a face and a person)`,
        columns: [
          ...['worn', 'faces', 'quality', 'own refused by the preset', 'strangers accepted'],
          ...THRESHOLDS.map((asked) => `at ${asked}`),
        ],
        rows,
      },
    ],
    facts: { limits, rows },
    broken,
  };
};

/** Similarity as casting measures it. */
function likeness(face: Seen, name: string, find: readonly Embedding[], limits: CastLimits): number {
  const sample = { frame: 0, embedding: face.embedding, quality: face.quality };
  const track = { id: 't', shot: 0, in: 0, out: 1, observations: [], identitySamples: [sample] };
  return castTracks([track], [{ name, find }], limits)[0]?.similarity ?? 0;
}

/** The largest face of a picture that was worn; null where none is found. */
async function look(
  { path, person, size }: { readonly path: string; readonly person: string; readonly size: number },
  { interOcular: distance, blur, grain }: Wear,
  { detector, landmarker, recogniser }: Networks,
  seed = 0,
): Promise<Seen | null> {
  let pipe = sharp(path)
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true });
  if (blur !== undefined || distance !== undefined) {
    const { data, info } = await pipe.raw().toBuffer({ resolveWithObject: true });
    pipe = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
    if (blur !== undefined) pipe = pipe.blur(Math.max(0.3, blur * size));
    if (distance !== undefined && distance < size)
      pipe = pipe.resize(Math.max(64, Math.round((info.width * distance) / size)));
  }
  const { data, info } = await pipe.raw().toBuffer({ resolveWithObject: true });
  const picture: RgbPicture = { width: info.width, height: info.height, rgb: grained(data, grain ?? 0, seed) };
  const { detections } = await detector.detect(picture, { threshold: 0.5, smallestFace: 0.08 * info.width });
  const largest = [...detections].sort((a, b) => b.box[2] - a.box[2])[0];
  if (!largest) return null;
  const first = await landmarker.landmarks(picture, cropOfDetection(largest));
  const { landmarks, presence } = await landmarker.landmarks(picture, cropOfLandmarks(first.landmarks));
  if (presence < 0.3) return null;
  const five = fivePoints(landmarks);
  const embedding = await recogniser.embed(picture, five);
  return { person, embedding, quality: observationQuality(picture, landmarks), size: interOcular(five) };
}

function grained(rgb: Uint8Array, grain: number, seed: number): Uint8Array {
  const random = normal(1 + seed);
  const out = rgb.slice();
  for (let k = 0; grain > 0 && k + 2 < out.length; k += 3) {
    const noise = grain * random();
    for (let c = k; c < k + 3; c++) out[c] = Math.min(255, Math.max(0, Math.round((rgb[c] as number) + noise)));
  }
  return out;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}
