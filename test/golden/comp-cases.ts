import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { applyRestoration } from '../../src/compute/cpu/plate/apply.ts';
import { liftPatch } from '../../src/compute/cpu/plate/lift.ts';
import { membraneGrid, solveMembrane } from '../../src/compute/cpu/still/membrane.ts';
import { transferColour } from '../../src/compute/cpu/still/reinhard.ts';
import { warpBySimilarity } from '../../src/compute/cpu/still/warp.ts';
import { addGrain, grainOf } from '../../src/compute/cpu/window/grain.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import type { ColourTags, Transfer } from '../../src/film/colour.ts';
import { cutRegion } from '../../src/film/plate.ts';
import { noisePlate } from '../compute/plates.ts';
import { mulberry32 } from '../motion/texture.ts';
import type { FloatPatch } from '../restore/on-floats.ts';
import type { DrawnPortrait } from './drawn-portrait.ts';
import { drawnPatches } from './drawn-window.ts';
import { type GoldenCase, goldenCase } from './golden-case.ts';

const SIZE = 128;
const WIDTH = 151;
const HEIGHT = 131;

interface PlateKind {
  readonly format: string;
  readonly transfer: Transfer;
  readonly tags?: ColourTags;
}

/** One format of each kind of sample and siting, with the transfers that reels of it have. */
const PLATES: readonly PlateKind[] = [
  { format: 'gbrp10le', transfer: 'log' },
  { format: 'gbrp10le', transfer: 'rec709' },
  { format: 'gbrp16le', transfer: 'log' },
  { format: 'gbrp16le', transfer: 'rec709' },
  { format: 'gbrpf32le', transfer: 'linear' },
  { format: 'gbrpf32le', transfer: 'rec709' },
  { format: 'yuv420p', transfer: 'rec709', tags: { matrix: 'bt709', range: 'tv', chromaLocation: 'left' } },
  { format: 'yuv420p', transfer: 'log', tags: { matrix: 'smpte170m', range: 'pc', chromaLocation: 'center' } },
  { format: 'yuv422p10le', transfer: 'rec709', tags: { matrix: 'bt709', range: 'tv', chromaLocation: 'left' } },
  { format: 'yuv422p10le', transfer: 'log', tags: { matrix: 'bt2020nc', range: 'tv', chromaLocation: 'topleft' } },
  { format: 'yuv444p12le', transfer: 'rec709', tags: { matrix: 'bt2020nc', range: 'pc' } },
  { format: 'gray', transfer: 'rec709' },
  { format: 'gray16le', transfer: 'log' },
];

/** Plate pixels to patch pixels: a patch finer than the plate, which reaches over its edge, and one coarser. */
const PLACES = {
  fine: { a: 1.25, b: 0.1875, tx: -14.5, ty: -30.25 },
  coarse: { a: 0.6875, b: -0.125, tx: 6.75, ty: 22.5 },
} as const;

type Place = keyof typeof PLACES;

/** Lifting and applying on every kind of plate, and the operations between them. */
export function compCases(portrait: DrawnPortrait): GoldenCase[] {
  return [
    ...PLATES.flatMap((kind) => [
      lifted(kind, 'fine'),
      lifted(kind, 'coarse'),
      applied(kind, 'fine'),
      applied(kind, 'coarse'),
    ]),
    ...operations(portrait),
  ];
}

function lifted(kind: PlateKind, place: Place): GoldenCase {
  return goldenCase(`lift of ${kind.format}, ${kind.transfer}, ${place}`, () => {
    const { region, ...patch } = placed(kind, place);
    return [liftPatch(region, patch)];
  });
}

/** The patches are drawn, not lifted: what lifting changes does not show here. */
function applied(kind: PlateKind, place: Place): GoldenCase {
  return goldenCase(`apply on ${kind.format}, ${kind.transfer}, ${place}`, () => {
    const { region, ...patch } = placed(kind, place);
    const original = noise(3 * SIZE * SIZE, 11);
    const change = noise(original.length, 12);
    const rgb = original.map((v, i) => v + (change[i] as number) / 8 - 1 / 16);
    const restored = { original, rgb, matte: roundMatte() };
    const result = applyRestoration(region, patch, restored, { frame: 7, seed: 3 });
    return [result.region.bytes, result.matte];
  });
}

function placed({ format, transfer, tags = {} }: PlateKind, place: Place) {
  const plate = noisePlate(format, WIDTH, HEIGHT, 3);
  const toPatch = PLACES[place];
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  return { region, size: SIZE, toPatch, colour: { tags, transfer, plateHeight: HEIGHT } };
}

function operations(portrait: DrawnPortrait): GoldenCase[] {
  const pictureWith = (grain: number) =>
    (drawnPatches(portrait, { size: SIZE, scale: 1, grain, worn: false })[0] as FloatPatch).rgb;
  const [grained, clean] = [pictureWith(14), pictureWith(0)];
  const from = [-0.5, 0.0625, 0.03125, 0.25, 0.03125, 0.015625];
  const to = [-0.625, 0.03125, 0.0625, 0.1875, 0.0625, 0.03125];
  const source = { width: SIZE, height: SIZE, rgb: grained };
  return [
    ...[0.75, 2, 6].map((sigma) => goldenCase(`blur by ${sigma}`, () => [blurPatch(grained, SIZE, sigma)])),
    goldenCase('warp, enlarging', () => [warpBySimilarity(source, { a: 0.75, b: 0.125, tx: 8.5, ty: 3.25 }, SIZE)]),
    goldenCase('warp, shrinking', () => [warpBySimilarity(source, { a: 2.625, b: -0.25, tx: -40, ty: 4 }, SIZE)]),
    goldenCase('colour transfer', () => [
      transferColour(clean, { from, to, leastRatio: 0.7, greatestRatio: 1.4 }, null),
    ]),
    goldenCase('grain put back', () => {
      const grain = grainOf(grained, SIZE, { sigma: 2.25, most: 3, around: 1.5 * 2.25 });
      return [grain.rgb, grain.strength, addGrain(clean, grain, { ratio: 0.75, greatestGain: 2 })];
    }),
    goldenCase('membrane', () => {
      const inside = Uint8Array.from(roundMatte(), (alpha) => (alpha > 0 ? 1 : 0));
      return [solveMembrane(membraneGrid(inside, SIZE), noise(3 * SIZE * SIZE, 21))];
    }),
  ];
}

/** Whole 1024ths, 0 … 1. */
function noise(count: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: count }, () => Math.round(1024 * random()) / 1024);
}

/** 1 in the middle of the patch, 0 from three eighths of its side on. */
function roundMatte(): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [((i % SIZE) + 0.5) / SIZE - 0.5, (Math.floor(i / SIZE) + 0.5) / SIZE - 0.5];
    return Math.min(1, Math.max(0, 2 - (128 / 9) * (x * x + y * y)));
  });
}
