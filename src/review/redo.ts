import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { publishFile } from '../disk/publish-file.ts';
import { parseRequestFile } from '../pipeline/evidence/request-file.ts';
import type { RestoreRequest } from '../pipeline/request/request.ts';
import { UsageError } from '../settings/usage-error.ts';
import { builtFile } from '../workers/rpc.ts';
import type { Decision, RedoAbility, RedoState } from './api.ts';
import { compileOverrides, compileRequest, overridesOf } from './compile-decisions.ts';
import { type ReadReport, textIn } from './report-folder.ts';
import { referencesWithout } from './review-stills.ts';

/** What the process that renders is told. */
export type RedoOrder =
  | {
      readonly kind: 'start';
      readonly request: RestoreRequest;
      /** Of the last decision that the request takes in; kept in the file `redone` when it is done. */
      readonly through: number;
      readonly redone: string;
    }
  | { readonly kind: 'cancel' };

/** What it tells. */
export type RedoMessage =
  | { readonly kind: 'progress'; readonly progress: NonNullable<RedoState['progress']> }
  | { readonly kind: 'done'; readonly takes: NonNullable<RedoState['takes']> }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'cancelled' };

/** The redo of one reel; at most one runs. */
export interface Redo extends AsyncDisposable {
  state(): RedoState;
  /**
   * Renders the takes that decisions change.
   *
   * @throws UsageError where that cannot be begun
   */
  start(reel: ReadReport, decisions: readonly Decision[]): Promise<void>;
  cancel(): void;
}

/** Files of a review in the report's folder. */
export const REVIEW_FOLDER = 'review';
const OVERRIDES = 'overrides.json';
const FIRST_REQUEST = 'request.json';
const REDONE = 'redone.json';

const IDLE: RedoState = { state: 'idle', progress: null, takes: null, error: null, through: 0 };
/** Progress is told this often at most, ms. */
const OFTEN = 200;

/** Whether takes of a reel can be rendered anew. */
export function redoAbility({ request }: Pick<ReadReport, 'request'>): RedoAbility {
  if (!request) {
    return {
      can: false,
      why: 'An earlier version of Reelmend restored this reel and did not keep what was asked for. Restore it again to redo parts of it.',
    };
  }
  if (!request.keepWork || !existsSync(`${request.out}.work`)) {
    return {
      can: false,
      why: 'The finished takes were not kept. Restore the reel with --keep-work to redo parts of it.',
    };
  }
  return { can: true };
}

/** What the last redo that was done took in, whichever server began it. */
const redoneSchema = z.object({ through: z.int().nonnegative() });

function redoneThrough(folder: string): number {
  try {
    return redoneSchema.parse(JSON.parse(readFileSync(join(folder, REVIEW_FOLDER, REDONE), 'utf8'))).through;
  } catch {
    return 0;
  }
}

/**
 * @param folder the report's
 * @param onChange told of every new state; `done` comes after the report was written
 */
export function openRedo(folder: string, onChange: (state: RedoState) => void): Redo {
  /** Decisions that the output has. */
  let taken = redoneThrough(folder);
  let state: RedoState = { ...IDLE, through: taken };
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let told = 0;
  let isCancelled = false;
  let isClosed = false;
  const change = (part: Partial<RedoState>) => {
    state = { ...state, ...part };
    onChange(state);
  };
  const fail = (error: string) => change({ state: 'failed', progress: null, error, through: taken });
  const follow = (process: ChildProcess) => {
    process.on('message', (message: RedoMessage) => {
      if (message.kind === 'progress') {
        const { progress } = message;
        const isNews = progress.stage !== state.progress?.stage || performance.now() - told > OFTEN;
        state = { ...state, progress };
        if (!isNews) return;
        told = performance.now();
        onChange(state);
      } else if (message.kind === 'done') {
        taken = state.through;
        change({ state: 'done', progress: null, takes: message.takes });
      } else if (message.kind === 'failed') fail(message.error);
      else change({ state: 'cancelled', progress: null, through: taken });
    });
    // The last message may come after the end of the process, but not after that of the channel.
    const over = Promise.all([once(process, 'exit'), once(process, 'disconnect')]);
    ended = over
      .then(
        ([[code, signal]]) => `ended with ${signal ?? `code ${code}`}`,
        (error: Error) => `could not be started: ${error.message}`,
      )
      .then((how) => {
        // Another may have been started since this one told how it ended.
        if (child !== process) return;
        child = null;
        if (state.state !== 'running') return;
        fail(`The process that renders ${how}. Finished takes are kept: redo again to go on.`);
      });
  };
  return {
    state: () => state,
    async start(reel, decisions) {
      const ability = redoAbility(reel);
      if (!ability.can) throw new UsageError(ability.why);
      state = { ...IDLE, state: 'running', through: decisions.length };
      child = null;
      isCancelled = false;
      try {
        const request = await redoRequest(reel, decisions);
        if (isClosed) throw new UsageError('The review has ended.');
        child = fork(builtFile('review/redo-child'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
        follow(child);
        const redone = join(reel.folder, REVIEW_FOLDER, REDONE);
        order(child, { kind: 'start', request, through: decisions.length, redone });
        // It may have been cancelled before there was a process to tell.
        if (isCancelled) order(child, { kind: 'cancel' });
      } catch (error) {
        fail((error as Error).message);
        throw error;
      }
      onChange(state);
    },
    cancel() {
      isCancelled = true;
      if (child) order(child, { kind: 'cancel' });
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      child?.kill('SIGTERM');
      await ended;
    },
  };
}

/** How it ends is told by `exit`: it may be about to when it is sent an order. */
function order(process: ChildProcess, what: RedoOrder): void {
  if (process.connected) process.send(what, () => {});
}

/** The first run's request with what was decided, whose overrides are written beside the decisions. */
async function redoRequest(reel: ReadReport, decisions: readonly Decision[]): Promise<RestoreRequest> {
  const folder = join(reel.folder, REVIEW_FOLDER);
  const file = join(folder, OVERRIDES);
  const first = await firstRequest(reel);
  if (first === reel.request) {
    const text = JSON.stringify({ format: 'reelmend-request/1', request: first }, null, 2);
    await publishFile(join(folder, FIRST_REQUEST), `${text}\n`);
  }
  const { leftOut, ...decided } = compileRequest(first, decisions);
  const overrides = compileOverrides(await overridesOf(first.overrides), decisions, reel.report.reel.first);
  await publishFile(file, `${JSON.stringify(overrides, null, 2)}\n`);
  return {
    ...first,
    ...decided,
    references: await referencesWithout(first, leftOut),
    overrides: file,
    report: reel.folder,
    redo: true,
    keepWork: true,
  };
}

/**
 * What was asked for before anybody decided: decisions are always compiled over that, so that an undone one leaves nothing behind.
 *
 * @throws UsageError where it is not known
 */
export async function firstRequest({
  request,
  folder,
}: Pick<ReadReport, 'request' | 'folder'>): Promise<RestoreRequest> {
  if (!request) throw new UsageError('What this reel was restored with is not known.');
  const { report, overrides } = request;
  // A redo was asked for with the overrides that it had written into its report; that may have been moved since.
  if (report === undefined || overrides !== join(report, REVIEW_FOLDER, OVERRIDES)) return request;
  const own = join(folder, REVIEW_FOLDER);
  const first = parseRequestFile(await textIn(own, FIRST_REQUEST));
  if (first) return first;
  throw new UsageError(`"${join(own, FIRST_REQUEST)}" is not readable. Restore the reel anew, with --redo.`);
}
