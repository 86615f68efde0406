import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
export type RedoOrder = { readonly kind: 'start'; readonly request: RestoreRequest } | { readonly kind: 'cancel' };

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

/** @param onChange told of every new state; `done` comes after the report was written */
export function openRedo(onChange: (state: RedoState) => void): Redo {
  let state = IDLE;
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let told = 0;
  let isCancelled = false;
  const change = (part: Partial<RedoState>) => {
    state = { ...state, ...part };
    onChange(state);
  };
  const follow = (process: ChildProcess) => {
    process.on('message', (message: RedoMessage) => {
      if (message.kind === 'progress') {
        const { progress } = message;
        const isNews = progress.stage !== state.progress?.stage || performance.now() - told > OFTEN;
        state = { ...state, progress };
        if (!isNews) return;
        told = performance.now();
        onChange(state);
      } else if (message.kind === 'done') change({ state: 'done', progress: null, takes: message.takes });
      else if (message.kind === 'failed') change({ state: 'failed', progress: null, error: message.error });
      else change({ state: 'cancelled', progress: null });
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
        const error = `The process that renders ${how}. Finished takes are kept: redo again to go on.`;
        change({ state: 'failed', progress: null, error });
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
        child = fork(builtFile('review/redo-child'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
        follow(child);
        child.send({ kind: 'start', request } satisfies RedoOrder);
        // It may have been cancelled before there was a process to tell.
        if (isCancelled) child.send({ kind: 'cancel' } satisfies RedoOrder);
      } catch (error) {
        state = { ...state, state: 'failed', error: (error as Error).message };
        throw error;
      }
      onChange(state);
    },
    cancel() {
      isCancelled = true;
      child?.send({ kind: 'cancel' } satisfies RedoOrder);
    },
    async [Symbol.asyncDispose]() {
      child?.kill('SIGTERM');
      await ended;
    },
  };
}

/** The first run's request with what was decided, whose overrides are written beside the decisions. */
async function redoRequest(reel: ReadReport, decisions: readonly Decision[]): Promise<RestoreRequest> {
  const folder = join(reel.folder, REVIEW_FOLDER);
  const file = join(folder, OVERRIDES);
  const first = await firstRequest(reel, folder, file);
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

/** What was asked for before anybody decided: decisions are always compiled over that, so that an undone one leaves nothing behind. */
export async function firstRequest(
  { request }: Pick<ReadReport, 'request'>,
  folder: string,
  overrides: string,
): Promise<RestoreRequest> {
  if (!request) throw new UsageError('What this reel was restored with is not known.');
  const kept = join(folder, FIRST_REQUEST);
  if (request.overrides === overrides) {
    const first = parseRequestFile(await textIn(folder, FIRST_REQUEST));
    if (first) return first;
    throw new UsageError(`"${kept}" is not readable. Restore the reel anew, with --redo.`);
  }
  await publishFile(kept, `${JSON.stringify({ format: 'reelmend-request/1', request }, null, 2)}\n`);
  return request;
}
