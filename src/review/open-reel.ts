import { join } from 'node:path';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import type {
  Decision,
  DecisionAnswer,
  DecisionList,
  DecisionRequest,
  DecisionState,
  RedoState,
  ReviewEvent,
} from './api.ts';
import { compileOverrides, type OverridesFile, overridesOf } from './compile-decisions.ts';
import { assertDecidable } from './decidable.ts';
import { replayDecisions } from './decision-state.ts';
import { openDecisions } from './decisions.ts';
import { type PictureStores, type ReviewFrames, reviewFrames } from './frames.ts';
import { openedOnce } from './opened-once.ts';
import { firstRequest, openRedo, REVIEW_FOLDER, type Redo } from './redo.ts';
import { openPictures, type ReelPictures } from './reel-pictures.ts';
import { RequestRefused } from './refused.ts';
import { type ReadReport, readReport, reportStamp } from './report-folder.ts';
import type { Turnstile } from './turnstile.ts';

/** A reel under review: read when it is first asked for, and anew when a redo or another run has written its report. */
export interface ReviewedReel extends AsyncDisposable {
  /** The report's folder. */
  readonly folder: string;
  read(): Promise<ReadReport>;
  pictures(): Promise<ReelPictures>;
  frames(): Promise<ReviewFrames>;
  decisions(): Promise<readonly Decision[]>;
  decisionList(): Promise<DecisionList>;
  /** @throws RequestRefused, 400, for a decision on what there is not; ConflictFound where others have decided in the same matter */
  decide(request: DecisionRequest): Promise<DecisionAnswer>;
  overrides(): Promise<OverridesFile>;
  redo(): RedoState;
  startRedo(): Promise<RedoState>;
  cancelRedo(): RedoState;
  /** Tells of events until the answer is called. */
  listen(listener: (event: ReviewEvent) => void): () => void;
  readonly listeners: number;
}

/** Others have decided in the same matter since the page looked. */
export class ConflictFound extends Error {
  override readonly name = 'ConflictFound';
  readonly since: readonly Decision[];

  constructor(since: readonly Decision[]) {
    const who = [...new Set(since.map((one) => one.who))].join(', ');
    super(`${who} decided on this in the meantime. Look at it, and decide again if you still want to.`);
    this.since = since;
  }
}

/** @param isRendering true while takes of any reel are rendered: one redo runs at a time */
export function openReviewedReel(
  folder: string,
  {
    ffmpeg,
    turnstile,
    stores,
    isRendering,
  }: {
    readonly ffmpeg: Ffmpeg;
    readonly turnstile: Turnstile;
    readonly stores: PictureStores;
    readonly isRendering: () => boolean;
  },
): ReviewedReel {
  const closing = new AbortController();
  const listeners = new Set<(event: ReviewEvent) => void>();
  const tell = (event: ReviewEvent) => {
    for (const listener of listeners) listener(event);
  };
  // A request may still be on its way when the review has ended: it must open nothing that nobody closes.
  const whileOpen = <T>(open: () => Promise<T>) =>
    openedOnce(async () => {
      if (closing.signal.aborted) throw new RequestRefused(503, 'The review has ended.');
      return open();
    });
  const report = whileOpen(() => readReport(folder));
  const pictures = whileOpen(async () => {
    const read = await report.get();
    return turnstile.pass(() => openPictures(read, ffmpeg, closing.signal));
  });
  const frames = whileOpen(async () => {
    const [range, opened] = await Promise.all([report.get(), pictures.get()]);
    return reviewFrames(opened, range, { ffmpeg, turnstile, stores });
  });
  const file = whileOpen(() => openDecisions(join(folder, REVIEW_FOLDER)));
  const decisions = async () => (await file.get()).list();

  const forget = async () => {
    const old = frames.forget();
    void report.forget();
    void pictures.forget();
    (await old)?.[Symbol.dispose]();
  };
  let stamp: string | null = null;
  const readNow = async () => {
    const [now, before] = [await reportStamp(folder), stamp];
    stamp = now;
    if (before !== null && before !== now) await forget();
    return report.get();
  };
  const redo: Redo = openRedo(folder, (state) => {
    if (state.state !== 'done') return tell({ kind: 'redo', redo: state });
    void forget().then(() => tell({ kind: 'redo', redo: state }));
  });
  const assertFree = () => {
    if (redo.state().state === 'running') throw new RequestRefused(409, 'A redo of this reel runs already.');
    if (!isRendering()) return;
    throw new RequestRefused(409, 'A redo of another reel runs, and one runs at a time. Ask again when it has ended.');
  };

  return {
    folder,
    read: readNow,
    pictures: pictures.get,
    frames: frames.get,
    decisions,
    async decisionList() {
      const [{ tracks }, all] = await Promise.all([readNow(), decisions()]);
      const { undone, stateOf } = replayDecisions(all);
      const states: Record<string, DecisionState> = {};
      for (const { id } of tracks.tracks) states[id] = stateOf({ scope: 'track', track: id });
      const shots = tracks.shots.map((_, shot) => stateOf({ scope: 'shot', shot }));
      return { decisions: all, undone, shots, tracks: states };
    },
    async decide(request) {
      const [read, opened] = await Promise.all([readNow(), file.get()]);
      await assertDecidable(request, read, opened.list());
      const added = await opened.add(request);
      if ('conflict' in added) throw new ConflictFound(added.conflict);
      tell({ kind: 'decision', decision: added.decision });
      return { decision: added.decision, since: opened.list().slice(request.seen) };
    },
    async overrides() {
      const [read, all] = await Promise.all([readNow(), decisions()]);
      const first = read.request && (await firstRequest(read));
      return compileOverrides(await overridesOf(first?.overrides), all, read.report.reel.first);
    },
    redo: redo.state,
    async startRedo() {
      assertFree();
      const [read, all] = await Promise.all([readNow(), decisions()]);
      assertFree();
      await redo.start(read, all);
      return redo.state();
    },
    cancelRedo() {
      redo.cancel();
      return redo.state();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listeners() {
      return listeners.size;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await redo[Symbol.asyncDispose]();
      await forget();
      await (await file.forget())?.[Symbol.asyncDispose]();
    },
  };
}
