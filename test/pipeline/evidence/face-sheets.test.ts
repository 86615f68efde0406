import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrameRange } from '../../../src/film/range.ts';
import { bestSheets, takeSheets } from '../../../src/pipeline/evidence/face-sheets.ts';
import type { CastTrack } from '../../../src/pipeline/render/cast-track.ts';
import { evidenceIn, type FinishedTake } from '../../../src/pipeline/work/take-folders.ts';
import { takeRecord } from '../../../src/pipeline/work/take-record.ts';
import type { FacePictures } from '../../../src/render/face-pictures.ts';
import type { Comped } from '../../../src/render/face-rendering.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';

const TRACK = castTrack(REPAIR, {}, trackOf('t1', 0, 10));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reelmend-sheets-'));
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

/** Finishes a take in which the faces of the tracks' frames were shown in this order. */
async function finished(
  take: FrameRange,
  tracks: readonly CastTrack[],
  frames: readonly number[],
): Promise<FinishedTake> {
  const sheets = takeSheets(take, tracks);
  for (const frame of frames) {
    for (const { id } of tracks) sheets.keep(id, frame, drawn(CHANGES[frame % 10] ?? 0, GATES[frame % 10] ?? 0));
  }
  const folder = await mkdtemp(join(root, 'take-'));
  const kept = await sheets.write(evidenceIn(folder));
  const none = { restored: [], refused: [], embeddings: [], pair: null };
  const hash = '0'.repeat(64);
  const facts = {
    key: hash,
    content: hash,
    shot: 0,
    sha256: hash,
    device: 'cpu',
    restored: 1,
    seconds: 1,
    sides: [],
    notes: [],
  };
  return {
    record: takeRecord({ ...take, ...facts }),
    faces: { recogniser: null, faces: kept.map((own) => ({ ...none, sheets: own })) },
    segment: { ...take, folder, sha256: hash },
  };
}

const told = (sheets: Awaited<ReturnType<typeof bestSheets>>) =>
  sheets.map(({ kind, frame, value }) => [kind, frame, value]);

describe('faces that the report shows', () => {
  it('are the middle of the track, the one that was changed most and the one that stills agreed with least', async () => {
    // Frames are finished in any order.
    const take = await finished({ in: 0, out: 10 }, [TRACK], [3, 0, 7, 1, 2, 5, 4, 9, 6, 8]);
    const sheets = await bestSheets([take], [TRACK]);
    expect(told(sheets)).toEqual([
      ['typical', 5, null],
      ['changed', 3, 7],
      ['disagreed', 7, 0.2],
    ]);
    expect(Object.keys(sheets[0]?.layers ?? {})).toEqual(['plate', 'restored', 'matte', 'gate']);
  });

  it('are drawn where they are kept: the middle of the track, and the first of those by which the others are chosen', () => {
    const sheets = takeSheets({ in: 0, out: 10 }, [TRACK]);
    const kept = (frames: readonly number[]) =>
      frames.map((frame) => ({ track: 't1', frame, change: CHANGES[frame] ?? 0, gate: GATES[frame] ?? 0 }));
    const drawnOf = (faces: ReturnType<typeof kept>) => sheets.draws(faces).map(({ frame }) => frame);
    expect(drawnOf(kept([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))).toEqual([5, 3, 7]);
    expect(drawnOf(kept([0, 2, 4, 8]))).toEqual([4, 0]);
    expect(drawnOf(kept([0, 2, 4]).map(({ gate, ...face }) => face) as never)).toEqual([4]);
    expect(drawnOf([])).toEqual([]);
  });

  it('are asked for only where they tell more than those that the take has', () => {
    const sheets = takeSheets({ in: 0, out: 10 }, [TRACK]);
    expect(sheets.wish('t1', 0)).toEqual({ changeAbove: -1, gateBelow: Infinity });
    sheets.keep('t1', 0, drawn(3, 0.5));
    expect(sheets.wish('t1', 1)).toEqual({ changeAbove: 3, gateBelow: 0.5 });
    expect(sheets.wish('t1', 5)?.changeAbove).toBe(-1);
    expect(sheets.wish('t2', 1)).toBeNull();
  });

  it('are the best of all takes, whichever run rendered them, under the name that the track has now', async () => {
    const first = await finished({ in: 0, out: 6 }, [TRACK], [0, 1, 2, 3, 4, 5]);
    const second = await finished({ in: 6, out: 10 }, [TRACK], [6, 7, 8, 9]);
    const renamed = { ...TRACK, id: 't4' };
    const sheets = await bestSheets([first, second], [renamed]);
    expect(told(sheets)).toEqual([
      ['typical', 5, null],
      ['changed', 3, 7],
      ['disagreed', 7, 0.2],
    ]);
    expect(new Set(sheets.map(({ track }) => track))).toEqual(new Set(['t4']));
  });

  it('are left out where their file is gone', async () => {
    const take = await finished({ in: 0, out: 10 }, [TRACK], [3, 5, 7]);
    await rm(join(evidenceIn(take.segment.folder), '0-typical.json'));
    expect(told(await bestSheets([take], [TRACK]))).toEqual([
      ['changed', 3, 7],
      ['disagreed', 7, 0.2],
    ]);
  });

  it('of a reel with many tracks are those of some, spread over it', async () => {
    const many = Array.from({ length: 100 }, (_, k) => castTrack(REPAIR, {}, trackOf(`t${k + 1}`, 0, 2)));
    const shown = new Set((await bestSheets([await finished({ in: 0, out: 2 }, many, [1])], many)).map((s) => s.track));
    expect(shown.size).toBe(24);
    expect([...shown].at(-1)).toMatch(/^t9\d$/);
  });
});
