import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keptSheets, openFaceSheets } from '../../../src/pipeline/evidence/face-sheets.ts';
import type { FacePictures } from '../../../src/render/face-pictures.ts';
import type { Comped } from '../../../src/render/face-rendering.ts';

const TRACK = { id: 'f1001', in: 0, out: 10 };

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reelmend-sheets-'));
});
beforeEach(async () => {
  folder = join(await mkdtemp(join(root, 'work-')), 'sheets');
});
afterAll(() => rm(root, { recursive: true }));

/** A comped face of 2 × 2 pixels, drawn for the report, of which only what it is chosen by is told. */
function drawn(change: number, gate: number): Comped {
  const rgb = new Uint8Array(12).fill(100);
  const plane = new Uint8Array(4).fill(255);
  const pictures: FacePictures = { width: 2, height: 2, plate: rgb, restored: rgb, matte: plane, gate: plane };
  const grid = new Float32Array(0);
  const face = { before: 0, after: 0, beforeGrid: grid, afterGrid: grid, sharpnessBefore: 0, sharpnessAfter: 0 };
  return {
    region: { roi: { x: 0, y: 0, width: 0, height: 0 }, format: null as never, bytes: rgb },
    matte: new Uint16Array(0),
    changed: null,
    face: { ...face, change },
    facts: { strength: 1, averaged: 1, dirt: 0, gate },
    pictures,
  };
}

const CHANGES = [1, 4, 2, 7, 3, 2, 5, 6, 1, 2];
const GATES = [0.9, 0.8, 0.9, 0.7, 0.9, 0.6, 0.9, 0.2, 0.9, 0.3];

describe('faces that the report shows', () => {
  it('are the middle of the track, the one that was changed most and the one that stills agreed with least', async () => {
    const sheets = await openFaceSheets(folder, [TRACK]);
    // Frames are finished in any order.
    await Promise.all(
      [3, 0, 7, 1, 2, 5, 4, 9, 6, 8].map((frame) =>
        sheets.keep('f1001', frame, drawn(CHANGES[frame] as number, GATES[frame] as number)),
      ),
    );
    const kept = await keptSheets(folder, [TRACK]);
    expect(kept.map(({ kind, frame, value }) => ({ kind, frame, value }))).toEqual([
      { kind: 'typical', frame: 5, value: null },
      { kind: 'changed', frame: 3, value: 7 },
      { kind: 'disagreed', frame: 7, value: 0.2 },
    ]);
    expect(Object.keys(kept[0]?.layers ?? {})).toEqual(['plate', 'restored', 'matte', 'gate']);
  });

  it('are asked for only where they tell more than those that are kept', async () => {
    const sheets = await openFaceSheets(folder, [TRACK]);
    expect(sheets.wish('f1001', 0)).toEqual({ changeAbove: -1, gateBelow: Infinity });
    await sheets.keep('f1001', 0, drawn(3, 0.5));
    expect(sheets.wish('f1001', 1)).toEqual({ changeAbove: 3, gateBelow: 0.5 });
    expect(sheets.wish('f1001', 5)?.changeAbove).toBe(-1);
    expect(sheets.wish('f1011', 1)).toBeNull();
  });

  it('go on from an earlier run', async () => {
    await (await openFaceSheets(folder, [TRACK])).keep('f1001', 4, drawn(3, 0.5));
    const resumed = await openFaceSheets(folder, [TRACK]);
    expect(resumed.wish('f1001', 6)).toEqual({ changeAbove: 3, gateBelow: 0.5 });
    await resumed.keep('f1001', 6, drawn(2, 0.4));
    const kept = await keptSheets(folder, [TRACK]);
    expect(kept.map(({ kind, frame }) => [kind, frame])).toEqual([
      ['changed', 4],
      ['disagreed', 6],
    ]);
  });

  it('of a reel with many tracks are those of some, spread over it', async () => {
    const many = Array.from({ length: 100 }, (_, k) => ({ id: `t${k + 1}`, in: 10 * k, out: 10 * k + 10 }));
    const { tracks } = await openFaceSheets(folder, many);
    expect(tracks.size).toBe(24);
    expect([...tracks].at(-1)).toMatch(/^t9\d$/);
  });
});
