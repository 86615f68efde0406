import { beforeAll, describe, expect, it } from 'vitest';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { PatchWindow, Restorer } from '../../src/restore/restorer.ts';
import { type DrawnReel, drawnReel, SIZE } from './drawn-reel.ts';

const FRAMES = 6;
const at = (frame: number) => ({ track: 't1', frame });

let reel: DrawnReel;

beforeAll(async () => {
  reel = await drawnReel(FRAMES);
});

/** Makes a square in the face's middle brighter, refuses frame 4, and notes the windows that it was shown. */
function brightener(windows: PatchWindow[] = []): Restorer {
  return {
    name: 'brightener',
    window: 2,
    async restore(window) {
      windows.push(window);
      if (window.centre.frame === 4) return { refused: 'flash' };
      const matte = new Float32Array(SIZE * SIZE);
      for (let y = 40; y < 80; y++) matte.fill(1, y * SIZE + 40, y * SIZE + 80);
      return { rgb: window.centre.rgb.map((v) => v + 0.1), matte };
    },
  };
}

/** A renderer that was handed all frames, none of which is comped. */
async function lifted(windows?: PatchWindow[]) {
  const renderer = faceRenderer(async () => brightener(windows));
  expect(await renderer.begin(reel.brief)).toEqual({ window: 2 });
  for (let frame = 0; frame < FRAMES; frame++) await renderer.lift(reel.face(frame));
  return renderer;
}

describe('a face renderer', () => {
  it('answers the region that a face was lifted from, untouched', async () => {
    const renderer = faceRenderer(async () => brightener());
    await renderer.begin(reel.brief);
    const { region } = reel.face(2);
    const answered = await renderer.lift({ ...reel.face(2), region });
    expect(answered).toBe(region);
    expect(answered).toEqual(reel.face(2).region);
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

  it("writes the restored face into the region's own memory", async () => {
    const renderer = await lifted();
    const { region } = reel.face(2);
    const comped = await renderer.comp({ ...at(2), region });
    if ('refused' in comped) throw new Error('The face was refused.');
    expect(comped.region.bytes).toBe(region.bytes);
    expect(region).not.toEqual(reel.face(2).region);
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
    expect(shown.pictures?.plate).not.toEqual(shown.pictures?.restored);
    expect(known.pictures).toBeUndefined();
    expect(shown.region).toEqual(unasked.region);
    expect(known.region).toEqual(unasked.region);
  });

  it('leaves the plate alone where the restorer refuses', async () => {
    const renderer = await lifted();
    const { region } = reel.face(4);
    expect(await renderer.comp({ ...at(4), region })).toEqual({ refused: 'flash' });
    expect(region).toEqual(reel.face(4).region);
  });

  it('is as good as another that lifted a face for it', async () => {
    const [one, other] = [await lifted(), faceRenderer(async () => brightener())];
    await other.begin(reel.brief);
    for (let frame = 0; frame < FRAMES; frame++) {
      const { region: _, ...placed } = reel.face(frame);
      const rgb = new Float32Array(3 * SIZE * SIZE);
      await one.lift({ ...reel.face(frame), into: rgb });
      await other.share({ ...placed, rgb });
    }
    const comp = (renderer: typeof one) => renderer.comp({ ...at(1), region: reel.face(1).region });
    expect(await comp(other)).toEqual(await comp(one));
  });
});
