import { describe, expect, it } from 'vitest';
import { playbackFrames } from '../../src/page/viewer/playback-frames.ts';
import { nextBlock, type Playhead } from '../../src/page/viewer/playback-plan.ts';
import { dueFrame, measuredRate, type Run, shuttled } from '../../src/page/viewer/shuttle.ts';

const answerOf = (...frames: readonly (readonly [frame: number, jpeg: readonly number[]])[]) =>
  new Uint8Array(frames.flatMap(([frame, jpeg]) => [0, 0, frame >> 8, frame & 255, 0, 0, 0, jpeg.length, ...jpeg]));

describe('an answer of playback', () => {
  it('is taken apart into numbers and JPEGs', () => {
    expect(playbackFrames(answerOf([259, [1, 2, 3]], [261, []]))).toEqual([
      { frame: 259, jpeg: new Uint8Array([1, 2, 3]) },
      { frame: 261, jpeg: new Uint8Array() },
    ]);
    expect(playbackFrames(new Uint8Array())).toEqual([]);
  });

  it('is refused where it ends early, at every length', () => {
    const whole = answerOf([1, [1, 2]], [2, [3, 4, 5]]);
    const ends = Array.from({ length: whole.length }, (_, length) => length);
    const sound = ends.filter((length) => {
      try {
        playbackFrames(whole.slice(0, length));
        return true;
      } catch {
        return false;
      }
    });
    expect(sound).toEqual([0, 10]);
    expect(() => playbackFrames(whole.slice(0, 12))).toThrow(
      'The answer of playback ends within frame 2 of it. Play it again.',
    );
  });
});

describe('the shuttle', () => {
  it('plays at once, twice and four times the rate, and no faster', () => {
    expect(shuttled(0, 1)).toBe(1);
    expect(shuttled(1, 1)).toBe(2);
    expect(shuttled(2, 1)).toBe(4);
    expect(shuttled(4, 1)).toBe(4);
    expect([shuttled(0, -1), shuttled(-1, -1), shuttled(-4, -1)]).toEqual([-1, -2, -4]);
  });

  it('turns to the rate where it was played in the other direction', () => {
    expect([shuttled(4, -1), shuttled(-2, 1)]).toEqual([-1, 1]);
  });
});

describe('the frame that is due', () => {
  const run: Run = { from: 10, rate: 24, speed: 1, range: { in: 0, out: 48 }, loops: false };

  it('is told by the clock alone, at the rate times the speed', () => {
    expect(dueFrame(run, 0).frame).toBe(10);
    expect(dueFrame(run, 500).frame).toBe(22);
    expect(dueFrame({ ...run, speed: 2 }, 500).frame).toBe(34);
    expect(dueFrame({ ...run, speed: -1 }, 250).frame).toBe(4);
  });

  it('is the last one, or backwards the first one, where the run ends', () => {
    expect(dueFrame(run, 60_000)).toEqual({ frame: 47, hasEnded: true });
    expect(dueFrame({ ...run, speed: -4 }, 60_000)).toEqual({ frame: 0, hasEnded: true });
  });

  it('goes round in a loop, in both directions', () => {
    const looped = { ...run, range: { in: 8, out: 12 }, loops: true };
    expect([0, 1, 2, 3, 4, 5].map((k) => dueFrame(looped, ((k + 0.5) * 1000) / 24).frame)).toEqual([
      10, 11, 8, 9, 10, 11,
    ]);
    expect(dueFrame({ ...looped, speed: -1 }, (3.5 * 1000) / 24).frame).toBe(11);
  });
});

describe('the measured rate', () => {
  it('is that of the pictures that were shown', () => {
    expect(measuredRate([0, 40, 80, 120], 160)).toBe(25);
    expect([measuredRate([], 5), measuredRate([7], 8)]).toEqual([null, null]);
  });

  it('falls while no picture comes', () => {
    expect(measuredRate([0, 40, 80, 120], 1600)).toBe(2.5);
  });
});

describe('what is asked for while playing', () => {
  const sizes = { ahead: 24, block: 8 };
  const head = (there: readonly number[], more: Partial<Playhead> = {}): Playhead => ({
    due: 10,
    speed: 1,
    range: { in: 0, out: 100 },
    loops: false,
    has: (frame) => there.includes(frame),
    lead: 0,
    ...more,
  });
  const row = (from: number, out: number) => Array.from({ length: out - from }, (_, k) => from + k);

  it('is the first block that is missing in the direction of playing', () => {
    expect(nextBlock(head(row(10, 15)), sizes)).toEqual({ from: 15, count: 8 });
    expect(nextBlock(head(row(5, 11), { speed: -1 }), sizes)).toEqual({ from: 0, count: 5 });
  });

  it('ends where the frames are there already, and where the range ends', () => {
    expect(nextBlock(head([10, 11, 14]), sizes)).toEqual({ from: 12, count: 2 });
    expect(nextBlock(head([10], { range: { in: 0, out: 13 } }), sizes)).toEqual({ from: 11, count: 2 });
  });

  it('is nothing where enough is there', () => {
    expect(nextBlock(head(row(10, 34)), sizes)).toBeNull();
  });

  it('goes on at the beginning of a loop', () => {
    expect(nextBlock(head(row(10, 14), { range: { in: 6, out: 14 }, loops: true }), sizes)).toEqual({
      from: 6,
      count: 4,
    });
  });

  it('leaves out what would come too late', () => {
    expect(nextBlock(head([], { lead: 5, speed: 2 }), sizes)).toEqual({ from: 20, count: 8 });
    expect(nextBlock(head([], { lead: 500 }), sizes)).toEqual({ from: 10, count: 8 });
  });
});
