import { beforeAll, describe, expect, it } from 'vitest';
import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { lumaOfPlanar } from '../../src/compute/cpu/filter/planar.ts';
import { fivePoints, interOcular } from '../../src/face/landmarks.ts';
import { insideDistance } from '../../src/face/matte.ts';
import { faceOutline } from '../../src/face/outline.ts';
import { LEFT_EYE, LIPS_OUTER, RIGHT_EYE } from '../../src/face/regions.ts';
import { scaleOf } from '../../src/face/similarity.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { openReplace } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { type FloatPatch, type FloatRestoration, onFloats } from './on-floats.ts';
import { decibels, insideFace, type SamplePatches, samplePatches, stillsOfActor, windowAt } from './sample-patches.ts';

const SIZE = 256;
const AREA = SIZE * SIZE;
const OPTIONS = { window: 5, matteSoftness: 0.12, grainRatio: 0, strength: 1, stills: 8 };
const MIDDLE = 5;
/** Blur of the sample's talking shot, plate pixels: a share of its height. */
const BLUR = 0.003 * 270;

let shot: SamplePatches;
let stills: StillPatch[];
/** The middle frame, by detail and by repair. */
let detailed: FloatRestoration;
let repaired: FloatRestoration;
beforeAll(async () => {
  shot = await samplePatches('talking', [4, 15], SIZE, { softness: 2 });
  stills = await stillsOfActor();
  detailed = await restoredBy(openDetail(stills, OPTIONS), shot.plates);
  repaired = await restoredBy(openRepair(OPTIONS), shot.plates);
});

async function restoredBy(restorer: Restorer, plates: readonly FloatPatch[]): Promise<FloatRestoration> {
  const answer = await onFloats(restorer).restore(windowAt(plates, MIDDLE));
  if ('refused' in answer) throw new Error(`The face was left alone: ${answer.refused}.`);
  return answer;
}

const centre = () => shot.plates[MIDDLE] as FloatPatch;
const truth = () => shot.truths[MIDDLE] as Float32Array;

/** Where the eyes are, a tenth of a patch around them. */
function eyes(): Float32Array {
  const { landmarks } = centre();
  const points = [...LEFT_EYE, ...RIGHT_EYE];
  return insideFace(centre()).map((inside, i) => {
    const near = points.some(
      (p) =>
        Math.hypot((landmarks[3 * p] as number) - (i % SIZE), (landmarks[3 * p + 1] as number) - Math.floor(i / SIZE)) <
        5,
    );
    return inside > 0 && near ? 1 : 0;
  });
}

/** What is shown of the middle frame: the restored face under its matte, the plate's elsewhere, or where it is refused. */
async function shown(plates: readonly FloatPatch[], of: readonly StillPatch[] = stills): Promise<Float32Array> {
  const plate = plates[MIDDLE] as FloatPatch;
  const { rgb, matte } = await onFloats(openDetail(of, OPTIONS)).restore(windowAt(plates, MIDDLE));
  if (!rgb) return plate.rgb;
  return plate.rgb.map((v, i) => v + (matte[i % AREA] as number) * ((rgb[i] as number) - v));
}

/** `plates` with each frame's samples changed. */
function changed(plates: readonly FloatPatch[], by: (rgb: Float32Array, t: number) => Float32Array): FloatPatch[] {
  return plates.map((plate, t) => ({ ...plate, rgb: by(plate.rgb, t) }));
}

/** A dark, streaky beard: cheeks and chin from below the nose, but for the lips. */
function withBeard(still: StillPatch): StillPatch {
  const { size, landmarks } = still;
  const outline = faceOutline(landmarks);
  const lips = Float32Array.from(LIPS_OUTER.flatMap((p) => [...landmarks.subarray(3 * p, 3 * p + 2)]));
  const nose = fivePoints(landmarks)[5] as number;
  const rgb = still.rgb.map((v, i) => {
    const p = i % (size * size);
    const [x, y] = [(p % size) + 0.5, Math.floor(p / size) + 0.5];
    const isBeard = y > nose + 0.03 * size && insideDistance(outline, x, y) > 0 && insideDistance(lips, x, y) < 0;
    return isBeard ? 0.16 + 0.08 * Math.sin(x * 1.3 + 3 * Math.sin(y / 9)) : v;
  });
  return { ...still, rgb };
}

/** Dark rims around both eyes. */
function withGlasses(still: StillPatch): StillPatch {
  const { size, landmarks } = still;
  const five = fivePoints(landmarks);
  const distance = interOcular(five);
  const rgb = still.rgb.map((v, i) => {
    const p = i % (size * size);
    const x = (p % size) + 0.5;
    const y = Math.floor(p / size) + 0.5;
    const fromEye = [0, 2].map((k) => Math.hypot(x - (five[k] as number), y - (five[k + 1] as number)) / distance);
    return fromEye.some((d) => Math.abs(d - 0.36) < 0.035) ? 0.05 : v;
  });
  return { ...still, rgb };
}

/** The middles of both eyes, to `reach` inter-ocular distances around them: size², 1 inside. */
function pupils({ size, landmarks }: Pick<StillPatch, 'size' | 'landmarks'>, reach: number): Float32Array {
  const five = fivePoints(landmarks);
  const radius = reach * interOcular(five);
  return Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) + 0.5, Math.floor(i / size) + 0.5];
    return [0, 2].some((k) => Math.hypot(x - (five[k] as number), y - (five[k + 1] as number)) < radius) ? 1 : 0;
  });
}

/** A glint in each pupil, of this radius in inter-ocular distances. */
function withGlints(still: StillPatch, radius: number): StillPatch {
  const glints = pupils(still, radius);
  return { ...still, rgb: still.rgb.map((v, i) => (glints[i % glints.length] === 1 ? 0.95 : v)) };
}

/** How far the picture's left eye is drawn shut: 1 inside its lids, falling to 0 around them. */
function leftLid({ landmarks }: FloatPatch): Float32Array {
  const rim = Float32Array.from(LEFT_EYE.flatMap((p) => [...landmarks.subarray(3 * p, 3 * p + 2)]));
  const inside = Float32Array.from({ length: AREA }, (_, i) =>
    insideDistance(rim, (i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5) > -2 ? 1 : 0,
  );
  return blurPatch(inside, SIZE, 1);
}

/** The lashes of a shut eye: a dark line at a share of the way from the upper lid to the lower. */
interface Lashes {
  readonly at: number;
  /** How far from its middle the line has faded by 1/e, patch pixels. */
  readonly width: number;
  /** What it leaves of the skin's light, 0 … 1. */
  readonly left: number;
}

/** `truth` with a lid of skin, and lashes on it, over the left eye. */
function winked(truth: Float32Array, patch: FloatPatch, { at, width, left }: Lashes): Float32Array {
  const lid = leftLid(patch);
  const [upper, lower] = [159, 145].map((p) => patch.landmarks[3 * p + 1]) as [number, number];
  const middle = upper + at * (lower - upper);
  return truth.map((v, i) => {
    const p = i % AREA;
    const skin = [0.62, 0.46, 0.38][Math.floor(i / AREA)] as number;
    const line = 1 - (1 - left) * Math.exp(-(((Math.floor(p / SIZE) + 0.5 - middle) / width) ** 2));
    return v + (lid[p] as number) * (line * skin - v);
  });
}

/** `shot` through a lens of this softness, but for a left eye that winks in every frame; the landmarks do not see it. */
function winking(shot: SamplePatches, softness: number, lashes: Lashes): SamplePatches {
  const truths = shot.plates.map((patch, t) => winked(shot.truths[t] as Float32Array, patch, lashes));
  const plates = shot.plates.map((patch, t) => {
    const change = (truths[t] as Float32Array).map((v, i) => v - (shot.truths[t]?.[i] as number));
    const sigma = softness * BLUR * scaleOf(patch.toPatch);
    const soft = [0, 1, 2].map((c) => blurPatch(change.subarray(c * AREA, (c + 1) * AREA), SIZE, sigma));
    return { ...patch, rgb: patch.rgb.map((v, i) => v + (soft[Math.floor(i / AREA)]?.[i % AREA] as number)) };
  });
  return { ...shot, plates, truths };
}

describe('detail', () => {
  it('is nearer to the truth than the plate by four decibels, and than the truth blurred as the plate', async () => {
    const inside = insideFace(centre());
    const ceiling = blurPatch(truth(), SIZE, 2 * BLUR * scaleOf(centre().toPatch));
    const reached = decibels(detailed.rgb, truth(), inside);
    expect(reached).toBeGreaterThan(decibels(centre().rgb, truth(), inside) + 4);
    expect(reached).toBeGreaterThan(decibels(ceiling, truth(), inside));
    expect(decibels(detailed.rgb, truth(), eyes())).toBeGreaterThan(decibels(ceiling, truth(), eyes()) + 1);
  });

  it('is better than repair, and better than pasting the still', async () => {
    const inside = insideFace(centre());
    const reached = decibels(detailed.rgb, truth(), inside);
    expect(reached).toBeGreaterThan(decibels(repaired.rgb, truth(), inside) + 1);
    const paste = { warp: 'mesh', colourTransfer: true, membrane: false, matteSoftness: 0.12, grainRatio: 0 } as const;
    const pasted = await restoredBy(await openReplace(stills, centre().landmarks, paste), shot.plates);
    expect(reached).toBeGreaterThan(decibels(pasted.rgb, truth(), inside) + 2);
  });

  it('measures the plate’s blur over the stills’', () => {
    const expected = 2 * BLUR * scaleOf(centre().toPatch);
    expect(detailed.facts?.blur).toBeGreaterThan(0.85 * expected);
    expect(detailed.facts?.blur).toBeLessThan(1.15 * expected);
  });

  it('adds as much less as a face is faded whose track ends, and damage is gone all the same', async () => {
    const fadedTo = async (fade: number) => {
      const plates = shot.plates.map((patch) => ({ ...patch, fade }));
      return (await restoredBy(openDetail(stills, OPTIONS), plates)).rgb;
    };
    expect(await fadedTo(0)).toEqual(repaired.rgb);
    const half = await fadedTo(0.5);
    const inside = insideFace(centre());
    const added = (rgb: Float32Array) => 10 ** (-decibels(rgb, repaired.rgb, inside) / 20);
    expect(added(half) / added(detailed.rgb)).toBeCloseTo(0.5, 1);
  });

  it('takes no detail from stills that show something else', async () => {
    // Landmarks a third of the face aside: an eye is offered where a cheek is.
    const strangers = stills.map((still) => ({
      ...still,
      landmarks: still.landmarks.map((v, i) => (i % 3 === 0 ? v + 60 : v)),
    }));
    const result = await restoredBy(openDetail(strangers, OPTIONS), shot.plates);
    expect(result.facts?.gate).toBeLessThan(0.35);
    expect(decibels(result.rgb, repaired.rgb, insideFace(centre()))).toBeGreaterThan(36);
  });

  it('gives black-and-white film the detail of colour stills, and stays grey', async () => {
    const grey = shot.plates.map((patch) => {
      const area = SIZE * SIZE;
      const rgb = patch.rgb.map((_, i) => {
        const p = i % area;
        return (
          0.2126 * (patch.rgb[p] as number) +
          0.7152 * (patch.rgb[area + p] as number) +
          0.0722 * (patch.rgb[2 * area + p] as number)
        );
      });
      return { ...patch, rgb };
    });
    const result = await onFloats(openDetail(stills, OPTIONS)).restore(windowAt(grey, MIDDLE));
    expect(result?.facts?.gate).toBeGreaterThan(0.5);
    const rgb = result?.rgb as Float32Array;
    const area = SIZE * SIZE;
    let most = 0;
    for (let i = 0; i < area; i++) most = Math.max(most, Math.abs((rgb[i] as number) - (rgb[2 * area + i] as number)));
    expect(most).toBeLessThan(2e-3);
  });

  it('adds nothing to a plate as sharp as the stills', async () => {
    const clean = await samplePatches('talking', [4, 15], SIZE, { grain: 0, softness: 0, dirt: 0, scratches: 0 });
    const result = await onFloats(openDetail(stills, { ...OPTIONS, grainRatio: 1 })).restore(
      windowAt(clean.plates, MIDDLE),
    );
    const plate = clean.plates[MIDDLE] as FloatPatch;
    expect(decibels(result?.rgb as Float32Array, plate.rgb, insideFace(plate))).toBeGreaterThan(38);
  });

  it('without stills of this side of the face is repair', async () => {
    const turned = stills.map((still) => ({
      ...still,
      landmarks: still.landmarks.map((v, i) => (i % 3 === 2 ? 6 * ((still.landmarks[i - 2] as number) - 256) : v)),
    }));
    expect((await restoredBy(openDetail(turned, OPTIONS), shot.plates)).rgb).toEqual(repaired.rgb);
  });
});

describe('detail is not further from the truth than the plate, nor than repair,', () => {
  const inside = () => insideFace(shot.plates[MIDDLE] as FloatPatch);

  it.each([
    ['glasses', withGlasses],
    ['a beard', withBeard],
  ])('where the stills wear %s that the film has not', async (_, worn) => {
    const reached = decibels(await shown(shot.plates, stills.map(worn)), truth(), inside());
    expect(reached).toBeGreaterThan(decibels(repaired.rgb, truth(), inside()) - 0.1);
  });

  it.each([0.03, 0.045])('in pupils without a glint, where the stills have one of radius %d', async (radius) => {
    const glinting = stills.map((still) => withGlints(still, radius));
    const there = pupils(centre(), 0.05);
    const reached = decibels(await shown(shot.plates, glinting), truth(), there);
    expect(reached).toBeGreaterThan(decibels(repaired.rgb, truth(), there) - 0.1);
  });

  it.each([
    ['thin', 'a soft', 2, { at: 1, width: 1.5, left: 0.5 }],
    [
      'broad, so that a blurred lid is dark where the blurred eye is,',
      'a very soft',
      3.5,
      { at: 0.6, width: 4, left: 0.2 },
    ],
  ])('in an eye that winks unseen by the landmarks, with lashes %s in %s shot', async (_, __, softness, lashes) => {
    const plain = softness === 2 ? shot : await samplePatches('talking', [4, 15], SIZE, { softness });
    const { plates, truths } = winking(plain, softness, lashes);
    const lid = leftLid(centre());
    const { rgb, layers } = await restoredBy(openDetail(stills, OPTIONS), plates);
    const [reached, own] = [rgb, layers?.repaired as Float32Array].map((one) =>
      decibels(one, truths[MIDDLE] as Float32Array, lid),
    );
    expect(reached).toBeGreaterThan((own as number) - 0.1);
  });

  it('where the stills are black-and-white and the film is not', async () => {
    const grey = stills.map((still) => {
      const luma = lumaOfPlanar(still.rgb);
      return { ...still, rgb: still.rgb.map((_, i) => luma[i % luma.length] as number) };
    });
    expect(decibels(await shown(shot.plates, grey), await shown(shot.plates), inside())).toBeGreaterThan(60);
  });

  it('in a dissolve', async () => {
    const other = (t: number) => (rgb: Float32Array) =>
      rgb.map(
        (v, i) =>
          v + (t / 10) * (0.4 + 0.25 * Math.sin((i % SIZE) / 9) * Math.sin(Math.floor((i % AREA) / SIZE) / 7) - v),
      );
    const mixed = changed(shot.plates, (rgb, t) => other(t)(rgb));
    const wanted = other(MIDDLE)(truth());
    const own = decibels((mixed[MIDDLE] as FloatPatch).rgb, wanted, inside());
    expect(decibels(await shown(mixed), wanted, inside())).toBeGreaterThan(own - 0.05);
  });

  it('in a frame that motion has blurred', async () => {
    const smeared = (rgb: Float32Array) =>
      rgb.map((_, i) => {
        let sum = 0;
        for (let k = -6; k <= 6; k++) sum += rgb[Math.min(rgb.length - 1, Math.max(0, i + k))] as number;
        return sum / 13;
      });
    const moved = changed(shot.plates, (rgb, t) => (t === MIDDLE ? smeared(rgb) : rgb));
    const wanted = smeared(truth());
    const own = decibels((moved[MIDDLE] as FloatPatch).rgb, wanted, inside());
    expect(decibels(await shown(moved), wanted, inside())).toBeGreaterThan(own - 0.05);
  });
});
