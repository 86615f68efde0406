/** A unit of the farm's work: one worker does one at a time. */
export interface Step {
  /** On a worker that never waits for storage; above 0 where there are bytes. */
  readonly seconds: number;
  /** Read from and written to the shared storage, evenly over the step. */
  readonly bytes: number;
}

/** A step that is done for an order, by its place among the orders. */
export interface Task extends Step {
  readonly order: number;
}

/** What a worker does. */
export const FREE = 0;
export const FETCHING = 1;
export const OPENING = 2;
export const WORKING = 3;
export const AWAY = 4;

/** All workers, a column a quantity: a thousand of them are looked at in every event. */
export interface Workers {
  /** One of the states above. */
  readonly state: Uint8Array;
  readonly tasks: (Task | null)[];
  /** Order that each has open, or -1. */
  readonly open: Int32Array;
  /** When a step is fetched, or a lost worker is back. */
  readonly from: Float64Array;
  /** Of the opening or the step, seconds at full speed. */
  readonly left: Float64Array;
  /** What opening or step ask for, bytes a second at full speed. */
  readonly rate: Float64Array;
  /** 0 … 1 of full speed. */
  readonly speed: Float64Array;
  readonly lossAt: Float64Array;
  /** What was spent in the step at hand. */
  readonly worked: Float64Array;
  readonly waited: Float64Array;
  readonly started: Float64Array;
}

/** @param life draws how long a worker lives, seconds */
export function freeWorkers(count: number, life: () => number): Workers {
  const column = () => new Float64Array(count);
  return {
    ...{ state: new Uint8Array(count), tasks: new Array(count).fill(null), open: new Int32Array(count).fill(-1) },
    ...{ from: column(), left: column(), rate: column(), speed: column().fill(1), lossAt: column().map(life) },
    ...{ worked: column(), waited: column(), started: column() },
  };
}

/** A worker begins to open an order, or a step. */
export function begin({ state, left, rate }: Workers, w: number, as: number, { seconds, bytes }: Step): void {
  state[w] = as;
  left[w] = seconds;
  rate[w] = bytes === 0 ? 0 : bytes / seconds;
}

/** When something happens next. */
export function nextEvent({ state, from, left, speed, lossAt }: Workers, now: number): number {
  let next = Infinity;
  for (let w = 0; w < state.length; w++) {
    const is = state[w];
    if (is !== AWAY) next = Math.min(next, lossAt[w] as number);
    if (is === AWAY || is === FETCHING) next = Math.min(next, from[w] as number);
    else if (is !== FREE) next = Math.min(next, now + (left[w] as number) / (speed[w] as number));
  }
  return next;
}

/** Lets `pass` seconds pass; counts who has no step and who is away, and the bytes that were moved. */
export function advance({ state, left, rate, speed, worked, waited, started }: Workers, pass: number) {
  let [free, away, bytes] = [0, 0, 0];
  for (let w = 0; w < state.length; w++) {
    const is = state[w];
    if (is === FREE) free += 1;
    else if (is === AWAY) away += 1;
    else if (is === FETCHING) started[w] = (started[w] as number) + pass;
    else {
      const done = pass * (speed[w] as number);
      left[w] = (left[w] as number) - done;
      bytes += done * (rate[w] as number);
      if (is === OPENING) started[w] = (started[w] as number) + pass;
      else {
        worked[w] = (worked[w] as number) + done;
        waited[w] = (waited[w] as number) + pass - done;
      }
    }
  }
  return { free, away, bytes };
}

/** Bytes a second. */
export interface Bandwidth {
  /** Of the shared storage; Infinity = nobody waits. */
  readonly storage: number;
  /** Of one worker's network. */
  readonly link: number;
}

/** Gives every worker its speed: no more bytes a second than it asks for, its link lets through and its share allows. */
export function shareStorage({ state, rate, speed }: Workers, { storage, link }: Bandwidth): void {
  const asked: number[] = [];
  for (let w = 0; w < state.length; w++) {
    if (state[w] === OPENING || state[w] === WORKING) asked.push(Math.min(link, rate[w] as number));
  }
  const most = Math.min(link, fairLevel(asked, storage));
  for (let w = 0; w < state.length; w++) speed[w] = Math.min(1, most / (rate[w] as number));
}

/** The most that each may have where those that ask for less get all of it, and no more than `total` is given out. */
export function fairLevel(asked: readonly number[], total: number): number {
  for (let level = total / asked.length; ; ) {
    let [given, others] = [0, 0];
    for (const one of asked) {
      if (one <= level) given += one;
      else others += 1;
    }
    if (others === 0) return Infinity;
    const share = (total - given) / others;
    if (share <= level * (1 + 1e-12)) return share;
    level = share;
  }
}
