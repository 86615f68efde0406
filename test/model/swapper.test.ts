import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fivePoints } from '../../src/face/landmarks.ts';
import type { IdentityStill } from '../../src/face/networks.ts';
import { observationQuality } from '../../src/face/pose.ts';
import { halvesOfFloats } from '../../src/film/half-float.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { openSwapper } from '../../src/model/swapper.ts';
import { cropPlaceOf } from '../../src/restore/crop/crop-place.ts';
import { boosted } from '../../src/restore/swap/pixel-boost.ts';
import { stillsOfActor } from '../restore/sample-patches.ts';
import { type DrawnSwapper, PLAIN, writeRecogniser, writeSwapper, writeTranslator } from './drawn-swapper.ts';

/** By numpy and OpenCV, see swapper-reference.py. */
const REFERENCE = JSON.parse(await readFile('test/fixtures/model/swapper-reference.json', 'utf8'));

let folder: string;
let stills: readonly IdentityStill[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-swapper-'));
  stills = await stillsOfActor(2);
  await writeRecogniser(folder, 'sixteen', { always: REFERENCE.emap.embedding });
  await writeRecogniser(folder, 'means', {
    always: [0, 0, 0],
    ofMeans: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** What a swapper with this source is told of a person. */
async function toldBy(id: string, source: object, sourceShape: readonly number[], more: object = {}, of = stills) {
  const red = Array.from({ length: sourceShape.at(-1) ?? 0 }, () => 0);
  await writeSwapper(folder, { ...PLAIN, id, source: { ...source, input: 'source' }, sourceShape, red, ...more });
  await using swapper = await openSwapper(openLibrary({ contractsDir: folder }), id);
  return swapper.identity(of);
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number))), 0);

describe('what a swapper is told of a person', () => {
  const throughEmap = { from: 'embedding', recogniser: 'sixteen', through: { kind: 'last-initializer' } };
  const { emap } = REFERENCE;
  const matrix = Float32Array.from(emap.emap as number[]);

  it.each([
    ['float32', matrix],
    ['float16', halvesOfFloats(matrix)],
  ] as const)('goes through the last constant of the network’s file, %s, as numpy multiplies', async (kind, data) => {
    const more = { emap: { dims: [16, 12], data } };
    const one = await toldBy(`emap-${kind}`, { ...throughEmap, length: 'one' }, [1, 12], more);
    expect(apart(one, emap[kind].insightface)).toBeLessThan(1e-6);
    // FaceFusion's is as long as the product is; in direction they are the same.
    const long = Math.hypot(...emap[kind].facefusion);
    expect(
      apart(
        one,
        emap[kind].facefusion.map((v: number) => v / long),
      ),
    ).toBeLessThan(1e-6);
    const raw = await toldBy(`raw-${kind}`, { ...throughEmap, length: 'raw' }, [1, 12], more);
    const length = Math.hypot(...(emap.embedding as number[]));
    expect(
      apart(
        raw,
        emap[kind].facefusion.map((v: number) => v * length),
      ),
    ).toBeLessThan(1e-4);
  });

  it('goes through another network, raw or brought to length 1', async () => {
    await writeTranslator(folder, 'turned', [16, 12], matrix);
    const through = { from: 'embedding', recogniser: 'sixteen', through: { kind: 'model', id: 'turned' } };
    const one = await toldBy('through-one', { ...through, length: 'one' }, [-1, 12]);
    expect(apart(one, emap.float32.insightface)).toBeLessThan(1e-6);
    const raw = await toldBy('through-raw', { ...through, length: 'raw' }, [-1, 12]);
    expect(Math.hypot(...raw)).toBeGreaterThan(10);
    expect(
      apart(
        raw.map((v) => v / Math.hypot(...raw)),
        emap.float32.insightface,
      ),
    ).toBeLessThan(1e-6);
  });

  it('is the mean of all stills by their quality', async () => {
    const [sharp, other] = stills as [IdentityStill, IdentityStill];
    const soft = { ...other, rgb: softened(other.rgb, other.size) };
    await using recogniser = await openRecogniser(openLibrary({ contractsDir: folder }), 'means');
    const seen = [];
    for (const still of [sharp, soft]) {
      const picture = { width: still.size, height: still.size, rgb: bytesOf(still) };
      const vector = await recogniser.vector(picture, fivePoints(still.landmarks));
      seen.push({ vector, quality: observationQuality(picture, still.landmarks) });
    }
    const [best, worst] = seen as [(typeof seen)[0], (typeof seen)[0]];
    expect(best.quality).toBeGreaterThan(0.7);
    expect(worst.quality).toBeLessThan(0.7 * best.quality);
    const expected = best.vector.map(
      (v, i) => (best.quality * v + worst.quality * (worst.vector[i] as number)) / (best.quality + worst.quality),
    );
    const told = await toldBy('mean', { from: 'embedding', recogniser: 'means', length: 'raw' }, [1, 3], {}, [
      sharp,
      soft,
    ]);
    expect(apart(told, expected)).toBeLessThan(1e-6);
    expect(apart(best.vector, worst.vector)).toBeGreaterThan(1e-3);
  });

  it('is the best still, laid as its own template says, where the network wants a picture', async () => {
    const [sharp, other] = stills as [IdentityStill, IdentityStill];
    const soft = { ...other, rgb: softened(other.rgb, other.size) };
    const shape = [1, 3, 112, 112];
    const told = await toldBy('picture', { from: 'picture' }, shape, { red: [0, 0, 0] }, [soft, sharp]);
    const alone = await toldBy('picture-alone', { from: 'picture' }, shape, { red: [0, 0, 0] }, [sharp]);
    expect(told).toHaveLength(3 * 112 * 112);
    expect(apart(told, alone)).toBe(0);
  });

  it('is refused by another recogniser than the one that it was trained with', async () => {
    const source = { from: 'embedding', length: 'one' };
    await expect(toldBy('short', { ...source, recogniser: 'means' }, [1, 512])).rejects.toThrow(
      'Model "short" is fed vectors of 3 numbers, made of 3, by its file and contract, but the recogniser "means" gives 3 and its input "source" takes 512. Name the recogniser that it was trained with in the contract.',
    );
    await expect(toldBy('lost', { ...source, recogniser: 'arcface' }, [1, 512])).rejects.toThrow(
      'Model "lost" was trained beside "arcface", which is not here, and no other network will do. Import it ("reelmend models import <file>"), or name another model.',
    );
    await expect(toldBy('wrong', { ...source, recogniser: 'short' }, [1, 512])).rejects.toThrow(
      'Model "short" was asked to recognise, but its contract says that it can swap. Name another model.',
    );
    const through = { ...source, recogniser: 'sixteen', through: { kind: 'last-initializer' } };
    await expect(toldBy('moved', through, [1, 12])).rejects.toThrow(
      /^Model "moved": the last constant of its file should be the matrix that turns a recogniser's vector, but is "c\d+" of the shape \[4\]\. A tool that wrote the file anew may have moved or dropped it: use the file as it was published\.$/,
    );
  });
});

describe('a swapper’s answer', () => {
  it.each<[string, Partial<DrawnSwapper>]>([
    ['NCHW from 0 to 1', {}],
    ['in −1 … 1', { range: [-1, 1], answerRange: [-1, 1] }],
    ['by ImageNet’s means, answered in 0 … 1', IMAGENET()],
    ['of half floats', { type: 'float16' }],
  ])('is the known function of picture and source: %s', async (name, more) => {
    const id = `known-${name.replace(/\W+/g, '-').toLowerCase()}x`;
    const sourceShape = [1, 16];
    const red = Array.from({ length: 16 }, (_, k) => (k === 3 ? 0.01 : 0));
    const source = { from: 'embedding', recogniser: 'sixteen', length: 'raw', input: 'source' };
    await writeSwapper(folder, { ...PLAIN, id, source, sourceShape, red, ...MIXED, ...more });
    await using swapper = await openSwapper(openLibrary({ contractsDir: folder }), id);
    const area = PLAIN.side ** 2;
    const rgb = Float32Array.from({ length: 3 * area }, (_, i) => 0.2 + 0.5 * Math.sin(i) ** 2);
    const answer = await swapper.swap(rgb, await swapper.identity(stills));
    const { range, answerRange } = { ...PLAIN, ...more } as { range: number[] | number[][]; answerRange: number[] };
    const shown = (c: number, i: number) => {
      const [low, high] = (Array.isArray(range[0]) ? range[c] : range) as [number, number];
      return low + (high - low) * (rgb[c * area + i] as number);
    };
    const [low, high] = answerRange as [number, number];
    let worst = 0;
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) {
        const mixed = [0, 1, 2].reduce((sum, k) => sum + (MIXED.colours[3 * c + k] as number) * shown(k, i), 0);
        const own = mixed + (MIXED.shift[c] as number) + (c === 0 ? 0.01 * REFERENCE.emap.embedding[3] : 0);
        worst = Math.max(worst, Math.abs((own - low) / (high - low) - (answer[c * area + i] as number)));
      }
    }
    // A tenth of a level of 8 bits; half floats have 11 bits, half a level at 1.
    expect(worst).toBeLessThan('type' in more ? 0.5 / 255 : 0.1 / 255);
  });
});

describe('pixel boost', () => {
  it('shows the network every so manieth pixel and puts its answers back where they came from, as numpy does', async () => {
    const { side, factor, picture, answer } = REFERENCE.boost;
    let run = 0;
    const network = async (rgb: Float32Array) => {
      const number = run++;
      return rgb.map((_, i) => {
        const at = i - (i % (side * side)) + ((i + side * (side - 1)) % (side * side));
        return (rgb[at] as number) + number;
      });
    };
    const ours = await boosted(Float32Array.from(picture), { side, factor }, network);
    expect(run).toBe(factor * factor);
    expect(apart(ours, answer)).toBeLessThan(1e-6);
  });

  it('shows a network of one run the picture itself', async () => {
    const picture = Float32Array.of(1, 2, 3);
    expect(await boosted(picture, { side: 1, factor: 1 }, async (rgb) => rgb)).toBe(picture);
  });
});

describe('the square of a swapper', () => {
  it.each(['arcface_112_v1', 'arcface_128', 'mtcnn_512', 'ffhq'])(
    'lies on a patch as OpenCV lays %s',
    async (template) => {
      const { side, matrix } = REFERENCE.templates[template];
      const source = { from: 'picture', input: 'source' };
      const id = `square-${template.replace(/_/g, '-')}`;
      await writeSwapper(folder, {
        ...PLAIN,
        ...{ id, side, template, source, sourceShape: [1, 3, 112, 112], red: [0, 0, 0] },
      });
      await using swapper = await openSwapper(openLibrary({ contractsDir: folder }), id);
      const { toCrop } = cropPlaceOf(swapper, 512);
      const [a, , x, b, , y] = matrix as number[] as [number, number, number, number, number, number];
      // A template of pixels counts from the first one's centre, on its own side; FFHQ's points are shares of the side.
      const own = Number(/_(\d+)/.exec(template)?.[1] ?? Infinity);
      const half = (0.5 * side) / own;
      expect(Math.max(Math.abs(toCrop.a - a), Math.abs(toCrop.b - b)) * 512).toBeLessThan(1e-4 * side);
      expect(Math.max(Math.abs(toCrop.tx - x - half), Math.abs(toCrop.ty - y - half))).toBeLessThan(1e-4 * side);
    },
  );
});

/** Every channel of the answer has something of another, so that none may be taken for another. */
const MIXED = { colours: [0.5, 0.3, 0, 0.1, 0.6, 0, 0, 0.2, 0.7], shift: [0.02, 0.03, 0.05] };

function IMAGENET() {
  const [means, deviations] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const range = means.map((mean, c) => [-mean / (deviations[c] as number), (1 - mean) / (deviations[c] as number)]);
  return { range, answerRange: [0, 1] };
}

/** Means over 25 × 25 pixels. */
function softened(rgb: Float32Array, size: number): Float32Array {
  const along = (from: Float32Array, step: number) =>
    from.map((_, i) => {
      let sum = 0;
      for (let k = -12; k <= 12; k++) sum += from[Math.min(from.length - 1, Math.max(0, i + k * step))] as number;
      return sum / 25;
    });
  return along(along(rgb, 1), size);
}

function bytesOf({ rgb, size }: IdentityStill): Uint8Array {
  const area = size * size;
  return Uint8Array.from({ length: 3 * area }, (_, i) =>
    Math.round(255 * Math.min(1, Math.max(0, rgb[(i % 3) * area + Math.floor(i / 3)] as number))),
  );
}
