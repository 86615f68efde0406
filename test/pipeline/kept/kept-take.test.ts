import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plate } from '../../../src/film/plate.ts';
import { pictureBytes } from '../../../src/film/sample-format.ts';
import { type KeptFace, readKeptFace, writeKeptFace } from '../../../src/pipeline/kept/face-file.ts';
import type { KeptFaces } from '../../../src/pipeline/kept/kept-faces.ts';
import type { FaceObserver } from '../../../src/pipeline/render/comp-plate.ts';
import { renderTake } from '../../../src/pipeline/render/render-take.ts';
import { faceRenderer } from '../../../src/render/face-renderer.ts';
import { openCarried } from '../../../src/restore/carried/carried-restorer.ts';
import { openRepair } from '../../../src/restore/repair.ts';
import { defineRestorer, type RestorerDefinition } from '../../../src/restore/restorer-definition.ts';
import { openWindowTools } from '../../../src/restore/window/window-tools.ts';
import { group } from '../../../src/settings/setting.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { renderTeam } from '../../../src/workers/render-team.ts';
import { type DrawnReel, drawnReel } from '../../render/drawn-reel.ts';
import { inProcess } from '../../render/in-process.ts';

const FRAMES = 20;
/** Those that are rendered where the others are kept. */
const ANEW = [6, 7, 11];
const REACH = 2;
const EVERY = 4;
const OPTIONS = { window: REACH, matteSoftness: 0.16, grainRatio: 1 };

let reel: DrawnReel;
let folder: string;

beforeAll(async () => {
  reel = await drawnReel(FRAMES);
  folder = await mkdtemp(join(tmpdir(), 'reelmend-kept-'));
});
afterAll(() => rm(folder, { recursive: true }));

const FACTS = { name: 'tried', summary: 'is tried', settings: group({}), words: { reasons: {} } } as const;
/** Repairs each face from its neighbours. */
const REPAIRS = defineRestorer({
  ...FACTS,
  needs: { stills: 'none' },
  window: () => REACH,
  open: ({ compute }) => openRepair(OPTIONS, compute),
});
/** Repairs keyframes, and carries that to the frames between them. */
const CARRIES = defineRestorer({
  ...FACTS,
  needs: { stills: 'none' },
  window: () => EVERY + REACH,
  carries: () => true,
  open({ compute }) {
    const carrying = { every: EVERY, matteSoftness: OPTIONS.matteSoftness };
    return openCarried(openRepair(OPTIONS, compute), carrying, openWindowTools(compute));
  },
});

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Renders the drawn reel on two renderers: its plates, the frames that were rendered and those that were handed over. */
async function rendered(restorer: RestorerDefinition, kept: KeptFaces) {
  const comped = new Set<number>();
  const lifted = new Set<number>();
  const renderers = [0, 1].map(() => {
    const renderer = faceRenderer([restorer]);
    return inProcess({
      ...renderer,
      comp(face) {
        comped.add(face.frame);
        return renderer.comp(face);
      },
    });
  });
  const team = renderTeam(renderers);
  const [first] = reel.plates;
  if (!first) throw new Error('No plate was drawn.');
  const { format, width, height } = first;
  const pool = framePool(FRAMES, pictureBytes(format, width, height));
  const signal = new AbortController().signal;
  /** Hashes of what was written. */
  const written: string[] = [];
  const observer: FaceObserver = {
    wish: () => null,
    draws: () => [],
    compares: () => false,
    embed: async () => null,
    keeps: null,
    comped: async () => {},
  };
  async function* plates() {
    for (const plate of reel.plates) {
      const loan = await pool.lend(signal);
      loan.bytes.set(plate.bytes);
      yield { plate: { ...plate, bytes: loan.bytes }, loan };
    }
  }
  const range = { in: 0, out: FRAMES };
  const { id } = reel.track;
  const rendering = await renderTake(
    { ...range, shot: 0, touched: true },
    {
      reel: { format, width, height },
      shot: { index: 0, ...range },
      tracks: [
        {
          ...{ id, ...range, track: reel.track, person: null, stills: [] },
          brief: { ...reel.brief, restorer: { name: FACTS.name, settings: {} } },
        },
      ],
      target: {
        openTake: async () => ({
          write: async ({ bytes }) => void written.push(sha256Of(bytes)),
          pass: async () => {},
          finish: async () => null,
          [Symbol.asyncDispose]: async () => {},
        }),
      },
      holdouts: () => [],
      team: {
        ...team,
        lift(face) {
          lifted.add(face.frame);
          team.lift(face);
        },
      },
      kept: async () => kept,
      decode: () => from(plates()),
      place: { folder: '', signal, note: () => {} },
      observer,
      onFace: () => {},
      onFrame: () => {},
    },
  );
  const sorted = (frames: ReadonlySet<number>) => [...frames].sort((a, b) => a - b);
  return { ...rendering, written, comped: sorted(comped), lifted: sorted(lifted) };
}

/** Keeps every face of a run in a folder of its own. */
function keeping(name: string): { readonly kept: KeptFaces; readonly faces: Map<number, Promise<KeptFace>> } {
  const faces = new Map<number, Promise<KeptFace>>();
  const kept: KeptFaces = {
    of: () => null,
    async keep({ frame }, face, plate) {
      const path = join(folder, `${name}-${frame}`);
      await writeKeptFace(path, face, plate);
      faces.set(frame, readKeptFace(path));
    },
    async [Symbol.asyncDispose]() {},
  };
  return { kept, faces };
}

describe.each([
  ['repaired', REPAIRS, REACH],
  ['carried', CARRIES, EVERY + REACH + 4],
] as const)('a take some of whose faces are kept, the others %s', (name, restorer, window) => {
  it('is the same to the bit, only those others rendered, and handed over only what lies in their windows', async () => {
    const { kept, faces } = keeping(name);
    const whole = await rendered(restorer, kept);
    expect(whole.kept).toBe(0);
    expect(whole.comped).toHaveLength(FRAMES);
    // One is a flash.
    expect(whole.faces[0]?.refused).toHaveLength(1);
    expect(whole.written[0]).not.toBe(sha256Of((reel.plates[0] as Plate).bytes));

    const found = new Map<number, KeptFace>();
    for (const [frame, face] of faces) if (!ANEW.includes(frame)) found.set(frame, await face);
    const part = await rendered(restorer, { ...kept, keep: null, of: ({ frame }) => found.get(frame) ?? null });
    expect(part.comped).toEqual(ANEW);
    const near = (frame: number) => ANEW.some((anew) => Math.abs(anew - frame) <= window);
    expect(part.lifted).toEqual(whole.lifted.filter(near));
    const { restored, faces: told } = whole;
    expect(part).toMatchObject({ restored, kept: restored - ANEW.length, faces: told });
    expect(part.written).toEqual(whole.written);
  });

  it('is rendered by nobody where all are kept', async () => {
    const { kept, faces } = keeping(`${name}-all`);
    const whole = await rendered(restorer, kept);
    const found = new Map<number, KeptFace>();
    for (const [frame, face] of faces) found.set(frame, await face);
    const none = await rendered(restorer, { ...kept, keep: null, of: ({ frame }) => found.get(frame) ?? null });
    expect(none).toMatchObject({ comped: [], lifted: [], kept: whole.restored, faces: whole.faces });
    expect(none.written).toEqual(whole.written);
  });
});
