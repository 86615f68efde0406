import { beforeAll, describe, expect, it } from 'vitest';
import { type Plate, planesOf } from '../../../src/film/plate.ts';
import type { FrameRange } from '../../../src/film/range.ts';
import { pictureBytes } from '../../../src/film/sample-format.ts';
import { observeFrames } from '../../../src/media/ffmpeg/observe-frames.ts';
import type { LentPlate } from '../../../src/media/read/decode.ts';
import type { FaceObserver } from '../../../src/pipeline/render/comp-plate.ts';
import { renderTake } from '../../../src/pipeline/render/render-take.ts';
import { faceRenderer } from '../../../src/render/face-renderer.ts';
import type { RestorerDefinition } from '../../../src/restore/restorer-definition.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { renderTeam } from '../../../src/workers/render-team.ts';
import { BRIGHTENER, brightener } from '../../render/brightener.ts';
import { type DrawnReel, drawnReel } from '../../render/drawn-reel.ts';
import { inProcess } from '../../render/in-process.ts';

const FRAMES = 10;
const TAKE = { in: 0, out: FRAMES, shot: 0, touched: true };
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let reel: DrawnReel;

beforeAll(async () => {
  reel = await drawnReel(FRAMES);
});

/**
 * Renders the drawn reel as one take, and notes what happens to its faces and plates. A plate that is given back is blackened, as
 * the next frame would overwrite it.
 */
function rendering(
  work: (frame: number) => Promise<void>,
  options: {
    readonly write?: (plate: Plate) => void;
    readonly matte?: (frame: number) => Promise<void>;
    /** Called before the take's writer is opened. */
    readonly open?: () => void;
    /** Tracks that show the face, each of which is restored. */
    readonly tracks?: readonly string[];
  } = {},
) {
  const events: string[] = [];
  /** Tracks that renderers have ended. */
  const ended: string[] = [];
  const [first] = reel.plates;
  if (!first) throw new Error('No plate was drawn.');
  const { format, width, height } = first;
  const pool = framePool(8, pictureBytes(format, width, height));
  const out = new Set<number>();
  const used = (what: string, frame: number) => {
    if (!out.has(frame)) events.push(`${what} ${frame}, whose plate was given back`);
    events.push(`${what} ${frame}`);
  };
  async function* plates(range: FrameRange, signal: AbortSignal): AsyncGenerator<LentPlate> {
    for (let frame = range.in; frame < range.out; frame++) {
      const loan = await pool.lend(signal);
      loan.bytes.set((reel.plates[frame] as (typeof reel.plates)[number]).bytes);
      out.add(frame);
      const release = () => {
        out.delete(frame);
        loan.bytes.fill(0);
        loan.release();
      };
      yield { plate: { frame, format, width, height, bytes: loan.bytes }, loan: { ...loan, release } };
    }
  }
  const made: RestorerDefinition = brightener(1, async ({ centre: { frame } }) => {
    used('restore', frame);
    await work(frame);
    return null;
  });
  const restorer: RestorerDefinition = {
    ...made,
    open: async (context) => ({ ...(await made.open(context)), [Symbol.dispose]: () => void ended.push('track') }),
  };
  const renderers = [0, 1].map(() => inProcess(faceRenderer([restorer])));
  const observer: FaceObserver = {
    wish: () => null,
    draws: () => [],
    compares: () => false,
    embed: async () => null,
    keeps: null,
    async comped({ plate: { frame } }) {
      used('matte', frame);
      await options.matte?.(frame);
      used('matted', frame);
    },
  };
  const stop = new AbortController();
  const { track } = reel;
  const brief = { ...reel.brief, restorer: BRIGHTENER };
  const run = renderTake(TAKE, {
    reel: { format, width, height },
    shot: { index: 0, in: 0, out: FRAMES },
    tracks: (options.tracks ?? [track.id]).map((id) => ({
      ...{ id, in: 0, out: FRAMES, track, person: null, stills: [] },
      brief: { ...brief, track: id },
    })),
    target: {
      async openTake() {
        options.open?.();
        return {
          async write(plate) {
            used('write', plate.frame);
            options.write?.(plate);
          },
          pass: async (frame) => void events.push(`pass ${frame}`),
          finish: async () => ({ in: 0, out: FRAMES, sha256: '', folder: '' }),
          async [Symbol.asyncDispose]() {
            events.push('closed');
          },
        };
      },
    },
    holdouts: () => [],
    team: renderTeam(renderers),
    decode: (range) => observeFrames((signal) => plates(range, signal), stop.signal),
    place: { folder: '', signal: stop.signal, note: () => {} },
    observer,
    onFace: () => {},
    onFrame: () => {},
  });
  return { run, events, ended, pool, stop: (reason: Error) => stop.abort(reason) };
}

/** What was told of frames, such as `write`, in order. */
const framesOf = (events: readonly string[], what: string) =>
  events.filter((event) => event.startsWith(`${what} `)).map((event) => Number(event.split(' ')[1]));

describe('a take', () => {
  it('is written in order, every face restored once and every plate given back', async () => {
    const { run, events, pool } = rendering((frame) => wait(frame % 3 === 0 ? 8 : 1));
    expect((await run).restored).toBe(FRAMES);
    const all = Array.from({ length: FRAMES }, (_, frame) => frame);
    expect(framesOf(events, 'write')).toEqual(all);
    expect(framesOf(events, 'restore').sort((a, b) => a - b)).toEqual(all);
    expect(events.filter((event) => event.includes('given back'))).toEqual([]);
    expect(pool.lent).toBe(0);
  });

  it('ends its tracks in every renderer, also where nothing can be written', async () => {
    const written = rendering(async () => {});
    await written.run;
    expect(written.ended).toHaveLength(2);
    const unwritten = rendering(async () => {}, {
      open: () => {
        throw new Error('The disk is full.');
      },
    });
    await expect(unwritten.run).rejects.toThrow('The disk is full.');
    expect(unwritten.ended).toHaveLength(2);
    expect(unwritten.events).toEqual([]);
  });

  it('shows a face that lies over another restored upon it, the neighbours of both kept until both are', async () => {
    const samples = ({ format, bytes, width, height }: Plate) => {
      const [plane] = planesOf(format, bytes, width, height);
      return Array.from(plane?.samples ?? []);
    };
    const changes: number[] = [];
    const write = (plate: Plate) => {
      const before = samples(reel.plates[plate.frame] as Plate);
      changes.push(samples(plate).reduce((most, v, i) => Math.max(most, v - (before[i] as number)), 0));
    };
    // The first face of frame 4 is slow, so that frames behind it are comped sooner than its second one begins.
    const slow = new Set([4]);
    const work = (frame: number) => wait(slow.delete(frame) ? 60 : 1);
    const { run, events } = rendering(work, { write, tracks: ['t1', 't2'] });
    await run;
    expect(framesOf(events, 'restore')).toHaveLength(2 * FRAMES);
    // Each adds 0.1, and at the square's corners, where the warp overshoots, a little more.
    expect(Math.min(...changes)).toBeGreaterThan(0.19);
    expect(Math.max(...changes)).toBeLessThan(0.25);
  });

  it('fails with the face that failed when what had begun has ended, begins nothing more, and writes nothing more', async () => {
    const { run, events, pool } = rendering(async (frame) => {
      await wait(frame === 5 ? 90 : frame === 4 ? 40 : 1);
      if (frame === 4) throw new Error('no face');
      events.push(`restored ${frame}`);
    });
    await expect(run).rejects.toThrow('no face');
    // Its neighbour, on the other renderer, had begun.
    expect(framesOf(events, 'restored')).toContain(5);
    const told = [...events];
    expect(told.at(-1)).toBe('closed');
    expect(Math.max(...framesOf(told, 'restore'))).toBe(5);
    expect(Math.max(...framesOf(told, 'matte'), ...framesOf(told, 'write'))).toBe(3);
    await wait(120);
    expect(events).toEqual(told);
    expect(events.filter((event) => event.includes('given back'))).toEqual([]);
    expect(pool.lent).toBe(0);
  });

  it('begins nothing more once a plate could not be written', async () => {
    const write = ({ frame }: Plate) => {
      if (frame === 2) throw new Error('the disk is full');
    };
    const { run, events, pool } = rendering(() => wait(5), { write });
    await expect(run).rejects.toThrow('the disk is full');
    const told = [...events];
    await wait(40);
    expect(events).toEqual(told);
    expect(framesOf(told, 'write')).toEqual([0, 1, 2]);
    expect(events.filter((event) => event.includes('given back'))).toEqual([]);
    expect(pool.lent).toBe(0);
  });

  it('stops with the reason that it was given when what is being written of its mattes is, and begins nothing more', async () => {
    const matte = async (frame: number) => {
      if (frame === 3) stop(new Error('interrupted'));
      await wait(30);
    };
    const { run, events, pool, stop } = rendering(() => wait(1), { matte });
    await expect(run).rejects.toThrow('interrupted');
    const told = [...events];
    await wait(60);
    expect(events).toEqual(told);
    expect(framesOf(told, 'matted')).toContain(3);
    expect(framesOf(told, 'matted').sort()).toEqual(framesOf(told, 'matte').sort());
    expect(Math.max(...framesOf(told, 'write'))).toBeLessThan(3);
    expect(events.filter((event) => event.includes('given back'))).toEqual([]);
    expect(pool.lent).toBe(0);
  });
});
