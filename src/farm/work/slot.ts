import { type ChildProcess, spawn } from 'node:child_process';
import type { RunEvent } from '../../log/run-event.ts';
import { SHARERS } from '../../pipeline/work/machine-memory.ts';
import { errorOf } from '../../workers/error-message.ts';
import type { StepDone } from '../steps/step.ts';
import { killGroup } from './kill-group.ts';
import type { SlotCommand } from './slot-command.ts';
import { type FromSlot, LEASE_VARIABLE, type SlotStep, type ToSlot } from './slot-messages.ts';

/** The process of a slot ended, or was ended, amid a step. */
export class SlotEnded extends Error {
  override readonly name = 'SlotEnded';
  /** `crashed` by itself, `hung` and was killed, `killed` because somebody asked for it. */
  readonly how: 'crashed' | 'hung' | 'killed';

  constructor(how: SlotEnded['how'], message: string) {
    super(message);
    this.how = how;
  }
}

/** What a slot tells of the step that it is at. */
export interface SlotHooks {
  readonly onProgress: (progress: { readonly stage: string; readonly done: number; readonly total: number }) => void;
  readonly onEvent: (event: RunEvent) => void;
  /** Asked before the step's result gets its name. */
  readonly mayPublish: () => Promise<boolean>;
}

/** A place for one step at a time, in a process of its own, which is started again whenever it ends. */
export interface Slot extends AsyncDisposable {
  readonly number: number;
  readonly gpu: string | undefined;
  /** @throws SlotEnded, or what the step throws */
  run(asked: SlotStep, hooks: SlotHooks): Promise<StepDone>;
  /** Asks the step to stop, and ends the process where it does not in five seconds. */
  abort(): void;
  /** Ends the process and all that it has started, at once. */
  kill(): void;
}

export interface SlotOptions {
  readonly number: number;
  /** How many slots share the machine. */
  readonly of: number;
  /** The card that `command` leaves it, for people; undefined: all that there are. */
  readonly gpu: string | undefined;
  /** Milliseconds of a lease. */
  readonly lease: number;
  readonly command: SlotCommand;
  readonly limits?: Partial<SlotLimits>;
}

/** Milliseconds after which a slot is taken for hung. */
export interface SlotLimits {
  /** Without a beat of its event loop. */
  readonly beat: number;
  /** Without any progress in a stage that tells of it. */
  readonly progress: number;
  /** The same in a stage that does not: a film of terabytes is read in it once. */
  readonly quiet: number;
}

const LIMITS: SlotLimits = { beat: 30_000, progress: 10 * 60_000, quiet: 12 * 3600_000 };
/** Stages in which nothing is said until they have ended. */
const QUIET = new Set<string | undefined>(['conforming', 'report']);
/** Milliseconds in which a step that is asked to stop does. */
const GRACE = 5000;
/** Milliseconds before a process is started again that ended before it said anything; it doubles up to the most. */
const AGAIN = { first: 250, most: 30_000 } as const;
/** Letters of what a process wrote last that are kept to say why it ended. */
const LAST_WORDS = 600;

interface Run {
  readonly number: number;
  readonly hooks: SlotHooks;
  readonly resolve: (done: StepDone) => void;
  readonly reject: (error: Error) => void;
  /** When its process last beat, and last came on; milliseconds of `performance.now`. */
  beat: number;
  progress: number;
  /** That it is in. */
  stage?: string;
}

export function openSlot({ number, of, gpu, lease, command, limits }: SlotOptions): Slot {
  const { beat, progress, quiet } = { ...LIMITS, ...limits };
  let child: ChildProcess | undefined;
  let running: Run | undefined;
  let lastWords = '';
  let runs = 0;
  let wait: number = AGAIN.first;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;
  let ending: SlotEnded | undefined;
  let ended: Promise<void> = Promise.resolve();

  const tell = (message: ToSlot) => {
    if (child?.connected) child.send(message);
  };
  const start = () => {
    again = undefined;
    lastWords = '';
    ending = undefined;
    const env = {
      ...process.env,
      ...command.env,
      [SHARERS]: String(of),
      [LEASE_VARIABLE]: String(lease),
    };
    // A group of its own: a terminal's Ctrl-C is for the worker, and all that the slot starts ends with it.
    const started = spawn(command.program, command.args, {
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    child = started;
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = `${lastWords}${text}`.slice(-LAST_WORDS);
    });
    started.on('message', (message: FromSlot) => {
      wait = AGAIN.first;
      hear(message);
    });
    ended = new Promise((resolve) => {
      const end = (how: string) => {
        resolve();
        if (child !== started) return;
        if (started.pid !== undefined) killGroup(started.pid);
        child = undefined;
        const { reject } = running ?? {};
        running = undefined;
        reject?.(
          ending ?? new SlotEnded('crashed', `The process of slot ${number} ended with ${how}.${said(lastWords)}`),
        );
        if (isClosed) return;
        again = setTimeout(start, reject ? 0 : wait);
        wait = Math.min(AGAIN.most, wait * 2);
      };
      started.once('error', (error) => end(`the error "${error.message}"`));
      started.once('exit', (code, signal) => end(endOf(code, signal)));
    });
  };
  const hear = (message: FromSlot) => {
    if (!running) return;
    const now = performance.now();
    running.beat = now;
    if ('beat' in message || message.run !== running.number) return;
    running.progress = now;
    if ('progress' in message) {
      running.stage = message.progress.stage;
      running.hooks.onProgress(message.progress);
    } else if ('event' in message) {
      const { error, ...event } = message.event;
      running.hooks.onEvent({ ...event, ...(error === undefined ? {} : { error: errorOf(error) }) });
    } else if ('ask' in message) {
      void running.hooks.mayPublish().then(
        (may) => tell({ answer: message.ask, may }),
        () => tell({ answer: message.ask, may: false }),
      );
    } else {
      const { resolve, reject } = running;
      running = undefined;
      if ('done' in message) resolve(message.done);
      else reject(errorOf(message.failed));
    }
  };
  const kill = (why: SlotEnded) => {
    ending = why;
    if (child?.pid !== undefined) killGroup(child.pid);
  };
  const killed = () => kill(new SlotEnded('killed', `The process of slot ${number} was ended by its worker.`));
  const watch = setInterval(() => {
    if (!running || !child) return;
    const now = performance.now();
    const silent = now - running.beat > beat;
    const most = QUIET.has(running.stage) ? quiet : progress;
    if (!silent && now - running.progress <= most) return;
    const [what, limit] = silent ? ['gave no sign of life', beat] : ['came no further', most];
    kill(
      new SlotEnded('hung', `The process of slot ${number} ${what} for ${Math.round(limit / 1000)} s and was ended.`),
    );
  }, 1000);
  watch.unref();
  start();
  return {
    ...{ number, gpu },
    run(asked, hooks) {
      if (running) throw new Error(`Unreachable: slot ${number} is at another step.`);
      const run = runs++;
      return new Promise((resolve, reject) => {
        const now = performance.now();
        running = { number: run, hooks, resolve, reject, beat: now, progress: now };
        if (!child) {
          clearTimeout(again);
          start();
        }
        tell({ run, asked });
      });
    },
    abort() {
      const { number: run } = running ?? {};
      if (run === undefined) return;
      tell({ abort: run });
      setTimeout(() => {
        if (running?.number === run) killed();
      }, GRACE).unref();
    },
    kill: killed,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearInterval(watch);
      clearTimeout(again);
      if (!child) return;
      tell({ stop: true });
      const timer = setTimeout(killed, GRACE);
      await ended;
      clearTimeout(timer);
    },
  };
}

function said(lastWords: string): string {
  const text = lastWords.trim();
  return text === '' ? '' : ` It said: ${text}`;
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'the signal SIGKILL, which a system sends where memory has run out';
  return signal === null ? `exit code ${code}` : `the signal ${signal}`;
}
