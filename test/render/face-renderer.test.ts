import { isDeepStrictEqual as isSame } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { PatchWindow } from '../../src/restore/restorer.ts';
import type { RestorerDefinition } from '../../src/restore/restorer-definition.ts';
import { countingCompute } from '../restore/counting-compute.ts';
import { BRIGHTENER, brightener } from './brightener.ts';
import { type DrawnReel, drawnReel, SIZE } from './drawn-reel.ts';

const FRAMES = 6;
const at = (frame: number) => ({ track: 't1', frame });

let reel: DrawnReel;

beforeAll(async () => {
  const drawn = await drawnReel(FRAMES);
  reel = { ...drawn, brief: { ...drawn.brief, restorer: BRIGHTENER } };
});

/** Notes the windows that it is shown, and refuses frame 4. */
const refusing = (windows: PatchWindow[] = []) =>
  brightener(2, async (window) => {
    windows.push(window);
    return window.centre.frame === 4 ? { refused: 'flash' } : null;
  });

/** A renderer that was handed all frames, none of which is comped. */
async function lifted(windows?: PatchWindow[]) {
  const renderer = faceRenderer([refusing(windows)]);
  expect(await renderer.begin(reel.brief)).toEqual({ window: 2 });
  for (let frame = 0; frame < FRAMES; frame++) await renderer.lift(reel.face(frame));
  return renderer;
}

describe('a face renderer', () => {
  it('answers the region that a face was lifted from, untouched', async () => {
    const renderer = faceRenderer([refusing()]);
    await renderer.begin(reel.brief);
    const { region } = reel.face(2);
    const answered = await renderer.lift({ ...reel.face(2), region });
    expect(answered.region).toBe(region);
    expect(isSame(answered.region, reel.face(2).region)).toBe(true);
  });

  it('shows the restorer the neighbours that it asks for, as many as were lifted and not forgotten', async () => {
    const windows: PatchWindow[] = [];
    const renderer = await lifted(windows);
    await renderer.comp({ ...at(2), region: reel.face(2).region });
    await renderer.forget(at(2));
    await renderer.comp({ ...at(3), region: reel.face(3).region });
    const frames = windows.map(({ before, after }) => [before, after].map((side) => side.map(({ frame }) => frame)));
    expect(frames).toEqual([
      [
        [1, 0],
        [3, 4],
      ],
      [[2], [4, 5]],
    ]);
  });

  it('closes the images of frames that are forgotten, lifted again, or of a track that is begun again or ended', async () => {
    const { compute, open } = countingCompute();
    const renderer = faceRenderer([refusing()], compute);
    await renderer.begin(reel.brief);
    for (const frame of [0, 1, 2, 2, 3]) await renderer.lift(reel.face(frame));
    expect(open()).toBe(4);
    await renderer.comp({ ...at(2), region: reel.face(2).region });
    expect(open()).toBe(4);
    await renderer.forget(at(2));
    expect(open()).toBe(2);
    await renderer.begin(reel.brief);
    expect(open()).toBe(0);
    await renderer.lift(reel.face(0));
    await renderer.end({ track: reel.brief.track });
    expect(open()).toBe(0);
  });

  it('lets the restorer forget the same frames', async () => {
    const forgotten: number[] = [];
    const definition: RestorerDefinition = refusing();
    const renderer = faceRenderer([
      {
        ...definition,
        async open(context) {
          return { ...(await definition.open(context)), forget: (before: number) => void forgotten.push(before) };
        },
      },
    ]);
    await renderer.begin(reel.brief);
    await renderer.forget(at(2));
    expect(forgotten).toEqual([2]);
  });

  it("writes the restored face into the region's own memory", async () => {
    const renderer = await lifted();
    const { region } = reel.face(2);
    const comped = await renderer.comp({ ...at(2), region });
    if ('refused' in comped) throw new Error('The face was refused.');
    expect(comped.region.bytes).toBe(region.bytes);
    expect(isSame(region, reel.face(2).region)).toBe(false);
    expect(comped.changed).not.toBeNull();
    expect(comped.pictures).toBeUndefined();
  });

  it('draws the plate beside the restored face where the report has not seen such a change', async () => {
    const renderer = await lifted();
    const comp = (changeAbove: number) =>
      renderer.comp({ ...at(2), region: reel.face(2).region, show: { changeAbove, gateBelow: -1 } });
    const shown = await comp(1);
    const known = await comp(200);
    const unasked = await renderer.comp({ ...at(2), region: reel.face(2).region });
    if ('refused' in shown || 'refused' in known || 'refused' in unasked) throw new Error('The face was refused.');
    expect(isSame(shown.pictures?.plate, shown.pictures?.restored)).toBe(false);
    expect(known.pictures).toBeUndefined();
    expect(isSame(shown.region, unasked.region)).toBe(true);
    expect(isSame(known.region, unasked.region)).toBe(true);
  });

  it('leaves the plate alone where the restorer refuses', async () => {
    const renderer = await lifted();
    const { region } = reel.face(4);
    expect(await renderer.comp({ ...at(4), region })).toEqual({ refused: 'flash' });
    expect(isSame(region, reel.face(4).region)).toBe(true);
  });

  it('is as good as another that lifted a face for it', async () => {
    const [one, other] = [await lifted(), faceRenderer([refusing()])];
    await other.begin(reel.brief);
    for (let frame = 0; frame < FRAMES; frame++) {
      const { region: _, ...placed } = reel.face(frame);
      const rgb = new Float32Array(3 * SIZE * SIZE);
      const { scratches } = await one.lift({ ...reel.face(frame), into: rgb });
      await other.share({ ...placed, scratches, rgb });
    }
    const comp = (renderer: typeof one) => renderer.comp({ ...at(1), region: reel.face(1).region });
    expect(isSame(await comp(other), await comp(one))).toBe(true);
  });
});
