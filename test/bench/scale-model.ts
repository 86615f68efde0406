import { randomOf } from '../../samples/random.ts';
import {
  AWAY,
  advance,
  type Bandwidth,
  begin,
  FETCHING,
  FREE,
  freeWorkers,
  nextEvent,
  OPENING,
  type Step,
  shareStorage,
  type Task,
  WORKING,
} from './scale-workers.ts';

/** Steps that may run side by side. */
export interface Stage {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Order {
  /** What a worker does before its first step of this order: its networks are loaded, the reel is opened. */
  readonly opening: Step;
  /** One after another: each begins when every step of the one before has ended. */
  readonly stages: readonly Stage[];
}

export interface Farm extends Bandwidth {
  readonly workers: number;
  /** The queue hands out steps one after another, each in so many seconds. */
  readonly queueSeconds: number;
  /** Mean time until a worker is lost, seconds; Infinity = never. */
  readonly secondsToLoss: number;
  /** From a loss until another worker may have the step, and until the lost worker is back, seconds. */
  readonly redeliverySeconds: number;
  readonly seed: number;
}

/** What the workers' time went to, worker-seconds; together they are workers · seconds. */
export interface Spent {
  /** Of steps that ended, at full speed. */
  readonly working: number;
  /** Waiting for storage in steps that ended. */
  readonly storage: number;
  /** Fetching a step, and opening an order, waiting for storage there included. */
  readonly starting: number;
  /** What lost workers had done of their steps, and were away. */
  readonly lost: number;
  /** Without a step, by the stage in which the oldest unfinished order was. */
  readonly idle: Readonly<Record<string, number>>;
}

export interface Simulated {
  readonly seconds: number;
  readonly spent: Spent;
  /** Steps handed out, those again that a lost worker had. */
  readonly handedOut: number;
  readonly losses: number;
  /** Moved over the network, opening and what was lost included. */
  readonly bytes: number;
  /** How long the oldest unfinished order was in each stage, seconds. */
  readonly stageSeconds: Readonly<Record<string, number>>;
}

/** Times closer than this are the same moment, seconds. */
const MOMENT = 1e-9;

/**
 * Lets the farm do the orders, the first first: event by event, storage shared max-min fairly between the steps that run. Steps are
 * handed out in the order of their stage. The same seed loses the same workers.
 */
export function simulate(orders: readonly Order[], farm: Farm): Simulated {
  const random = randomOf(farm.seed);
  const life = () => -Math.log(1 - random.next()) * farm.secondsToLoss;
  const workers = freeWorkers(farm.workers, life);
  const { state, tasks, open, from, left, lossAt, worked, waited, started } = workers;
  const courses = orders.map((order) => ({ order, stage: 0, next: 0, open: order.stages[0]?.steps.length ?? 0 }));
  const back: Task[] = [];
  const idle: Record<string, number> = {};
  const stageSeconds: Record<string, number> = {};
  const spent = { working: 0, storage: 0, starting: 0, lost: 0 };
  let [now, queueFree, handedOut, losses, bytes] = [0, 0, 0, 0, 0];

  const stageOf = (k: number) => courses[k]?.order.stages[courses[k].stage];
  const settle = (k: number) => {
    const course = courses[k] as (typeof courses)[number];
    while (course.open === 0 && course.stage < course.order.stages.length) {
      course.stage += 1;
      course.next = 0;
      course.open = stageOf(k)?.steps.length ?? 0;
    }
  };
  const ready = (): Task | null => {
    const again = back.shift();
    if (again) return again;
    for (const [order, course] of courses.entries()) {
      const step = stageOf(order)?.steps[course.next];
      if (!step) continue;
      course.next += 1;
      return { ...step, order };
    }
    return null;
  };
  const handOut = () => {
    for (let w = state.indexOf(FREE); w >= 0; w = state.indexOf(FREE, w + 1)) {
      const task = ready();
      if (!task) return;
      queueFree = Math.max(now, queueFree) + farm.queueSeconds;
      state[w] = FETCHING;
      tasks[w] = task;
      from[w] = queueFree;
      worked[w] = waited[w] = started[w] = 0;
      handedOut += 1;
    }
  };
  /** A worker goes on to open the order of its step, to do the step, or to be free. */
  const goOn = (w: number) => {
    const task = tasks[w] as Task;
    if (state[w] === FETCHING && open[w] !== task.order) {
      open[w] = task.order;
      begin(workers, w, OPENING, (orders[task.order] as Order).opening);
    } else if (state[w] !== WORKING) begin(workers, w, WORKING, task);
    else {
      spent.working += worked[w] as number;
      spent.storage += waited[w] as number;
      spent.starting += started[w] as number;
      state[w] = FREE;
      tasks[w] = null;
      (courses[task.order] as (typeof courses)[number]).open -= 1;
      settle(task.order);
    }
  };
  const lose = (w: number) => {
    losses += 1;
    if (tasks[w]) spent.lost += (worked[w] as number) + (waited[w] as number) + (started[w] as number);
    state[w] = AWAY;
    from[w] = now + farm.redeliverySeconds;
    open[w] = -1;
  };
  const comeBack = (w: number) => {
    const task = tasks[w];
    if (task) back.push(task);
    tasks[w] = null;
    state[w] = FREE;
    lossAt[w] = now + life();
  };

  for (const k of courses.keys()) settle(k);
  for (;;) {
    const oldest = courses.findIndex((course) => course.stage < course.order.stages.length);
    if (oldest < 0) return { seconds: now, spent: { ...spent, idle }, handedOut, losses, bytes, stageSeconds };
    handOut();
    shareStorage(workers, farm);
    const pass = Math.max(0, nextEvent(workers, now) - now);
    const stage = (stageOf(oldest) as Stage).name;
    const passed = advance(workers, pass);
    stageSeconds[stage] = (stageSeconds[stage] ?? 0) + pass;
    idle[stage] = (idle[stage] ?? 0) + pass * passed.free;
    spent.lost += pass * passed.away;
    bytes += passed.bytes;
    now += pass;
    for (let w = 0; w < state.length; w++) {
      const isDue = (from[w] as number) <= now + MOMENT;
      if (state[w] === AWAY) {
        if (isDue) comeBack(w);
      } else if ((lossAt[w] as number) <= now + MOMENT) lose(w);
      else if (state[w] === FETCHING ? isDue : state[w] !== FREE && (left[w] as number) <= MOMENT) goOn(w);
    }
  }
}
