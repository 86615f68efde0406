import { describe, expect, it } from 'vitest';
import { type Farm, type Order, type Simulated, type Stage, simulate } from './scale-model.ts';
import { fairLevel, type Step } from './scale-workers.ts';

/** Nothing but the steps themselves takes time. */
const FREE: Farm = {
  workers: 1,
  storage: Infinity,
  link: Infinity,
  queueSeconds: 0,
  secondsToLoss: Infinity,
  redeliverySeconds: 25,
  seed: 1,
};

const steps = (...seconds: readonly number[]): Step[] => seconds.map((one) => ({ seconds: one, bytes: 0 }));

/** An order that is open at once. */
const orderOf = (...stages: readonly Stage[]): Order => ({ opening: { seconds: 0, bytes: 0 }, stages });

/** A reel like those of the farm: 10 + 4 + 21 + 5 seconds of work. */
const REEL = orderOf(
  { name: 'track', steps: steps(3, 3, 4) },
  { name: 'cast', steps: steps(4) },
  { name: 'take', steps: steps(9, 2, 4, 6) },
  { name: 'conform', steps: steps(5) },
);

function totalOf({ spent }: Simulated): number {
  const { working, storage, starting, lost, idle } = spent;
  return working + storage + starting + lost + Object.values(idle).reduce((sum, one) => sum + one, 0);
}

describe('the simulated farm', () => {
  it('takes the sum of all steps with one worker', () => {
    expect(simulate([REEL], FREE).seconds).toBeCloseTo(40, 9);
  });

  it('takes the longest step of every stage where workers abound', () => {
    expect(simulate([REEL], { ...FREE, workers: 100 }).seconds).toBeCloseTo(4 + 4 + 9 + 5, 9);
  });

  it('follows Amdahl where one part is serial and the other divides evenly', () => {
    const order = orderOf(
      { name: 'serial', steps: steps(10) },
      { name: 'parallel', steps: steps(...Array.from({ length: 64 }, () => 1)) },
    );
    const alone = simulate([order], FREE).seconds;
    for (const workers of [2, 8, 64]) {
      const { seconds } = simulate([order], { ...FREE, workers });
      expect(alone / seconds).toBeCloseTo(1 / (10 / 74 + 64 / 74 / workers), 9);
    }
  });

  it('ends sooner with the longest step first than with the longest last', () => {
    const last = orderOf({ name: 'take', steps: steps(1, 1, 1, 1, 4) });
    const first = orderOf({ name: 'take', steps: steps(4, 1, 1, 1, 1) });
    expect(simulate([last], { ...FREE, workers: 2 }).seconds).toBeCloseTo(6, 9);
    expect(simulate([first], { ...FREE, workers: 2 }).seconds).toBeCloseTo(4, 9);
  });

  it('fills the seams of one order with the steps of the next', () => {
    const order = orderOf({ name: 'take', steps: steps(1, 1, 1, 1) }, { name: 'conform', steps: steps(2) });
    expect(simulate([order], { ...FREE, workers: 2 }).seconds).toBeCloseTo(4, 9);
    // While one worker conforms the first, the other does two takes of the second.
    expect(simulate([order, order], { ...FREE, workers: 2 }).seconds).toBeCloseTo(7, 9);
  });

  it('goes at the pace of the storage where all steps together ask for more', () => {
    const order = orderOf({ name: 'take', steps: Array.from({ length: 8 }, () => ({ seconds: 1, bytes: 100 })) });
    const { seconds, spent, bytes } = simulate([order], { ...FREE, workers: 4, storage: 200 });
    expect(seconds).toBeCloseTo(800 / 200, 9);
    expect(spent.working).toBeCloseTo(8, 9);
    expect(spent.storage).toBeCloseTo(8, 9);
    expect(bytes).toBeCloseTo(800, 6);
  });

  it('leaves a step that asks for little its speed, and slows those that ask for much', () => {
    expect(fairLevel([10, 100, 100], 110)).toBe(50);
    expect(fairLevel([10, 20], 110)).toBe(Infinity);
    const order = orderOf({
      name: 'take',
      steps: [
        { seconds: 1, bytes: 10 },
        { seconds: 1, bytes: 100 },
        { seconds: 1, bytes: 100 },
      ],
    });
    const { seconds, spent } = simulate([order], { ...FREE, workers: 3, storage: 110 });
    // A second at 50, and then each half of what there is: 50 bytes are left of both.
    expect(seconds).toBeCloseTo(1 + 50 / 55, 9);
    expect(spent.idle).toEqual({ take: expect.closeTo(50 / 55, 9) });
  });

  it('lets no step read faster than its own network', () => {
    const order = orderOf({ name: 'conform', steps: [{ seconds: 1, bytes: 100 }] });
    expect(simulate([order], { ...FREE, storage: 1000, link: 25 }).seconds).toBeCloseTo(4, 9);
  });

  it('opens an order once a worker, and hands out steps one after another', () => {
    const order = orderOf({ name: 'take', steps: steps(1, 1, 1, 1) });
    const opened = { ...order, opening: { seconds: 10, bytes: 100 } };
    expect(simulate([opened], FREE).seconds).toBeCloseTo(14, 9);
    const two = simulate([opened], { ...FREE, workers: 2, storage: 10 });
    expect(two.seconds).toBeCloseTo(20 + 2, 9);
    expect(two.spent.starting).toBeCloseTo(40, 9);
    const queued = simulate([order], { ...FREE, workers: 4, queueSeconds: 0.5 });
    expect(queued.seconds).toBeCloseTo(3, 9);
    expect(queued.handedOut).toBe(4);
  });

  it('does a lost step anew, and counts what was done of it as lost', () => {
    const order = orderOf({ name: 'take', steps: steps(100, 100, 100, 100) });
    const farm = { ...FREE, workers: 2, secondsToLoss: 150, seed: 5 };
    const { seconds, spent, losses, handedOut } = simulate([order], farm);
    expect(losses).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(200);
    expect(spent.working).toBeCloseTo(400, 6);
    expect(spent.lost).toBeGreaterThanOrEqual(25);
    expect(handedOut).toBeGreaterThan(4);
  });

  it('accounts for all of its workers’ time', () => {
    const stages = REEL.stages.map(({ name, steps: all }) => ({
      name,
      steps: all.map((step) => ({ ...step, bytes: 50 })),
    }));
    const order = { opening: { seconds: 1, bytes: 20 }, stages };
    const farm = { ...FREE, workers: 3, storage: 30, queueSeconds: 0.1, secondsToLoss: 20 };
    const done = simulate([order, order], farm);
    expect(done.losses).toBeGreaterThan(0);
    expect(totalOf(done)).toBeCloseTo(3 * done.seconds, 6);
    expect(Object.values(done.stageSeconds).reduce((sum, one) => sum + one, 0)).toBeCloseTo(done.seconds, 6);
  });

  it('repeats itself by its seed, and loses other workers by another', () => {
    const farm = { ...FREE, workers: 3, secondsToLoss: 10 };
    expect(simulate([REEL], farm)).toEqual(simulate([REEL], farm));
    expect(simulate([REEL], { ...farm, seed: 2 })).not.toEqual(simulate([REEL], farm));
  });
});
