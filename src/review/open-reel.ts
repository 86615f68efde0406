import { join } from 'node:path';
import { contains } from '../film/range.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { settingsSchema } from '../settings/preset-schema.ts';
import { checkChanges } from '../settings/setting-changes.ts';
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
import { replayDecisions } from './decision-state.ts';
import { type DecisionFile, openDecisions } from './decisions.ts';
import { type ReviewFrames, reviewFrames } from './frames.ts';
import { firstRequest, openRedo, REVIEW_FOLDER, type Redo } from './redo.ts';
import { openPictures, type ReelPictures } from './reel-pictures.ts';
import { reviewChoices } from './reel-review.ts';
import { RequestRefused } from './refused.ts';
import { type ReadReport, readReport } from './report-folder.ts';
import { reviewStills } from './review-stills.ts';
import type { Turnstile } from './turnstile.ts';

/** A reel under review: read when it is first asked for, and anew after a redo. */
export interface ReviewedReel extends AsyncDisposable {
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

export function openReviewedReel(
  folder: string,
  { ffmpeg, turnstile }: { readonly ffmpeg: Ffmpeg; readonly turnstile: Turnstile },
): ReviewedReel {
  const closing = new AbortController();
  const listeners = new Set<(event: ReviewEvent) => void>();
  const tell = (event: ReviewEvent) => {
    for (const listener of listeners) listener(event);
  };
  let read: Promise<ReadReport> | null = null;
  let pictures: Promise<ReelPictures> | null = null;
  let frames: Promise<ReviewFrames> | null = null;
  let file: Promise<DecisionFile> | null = null;

  const forget = async () => {
    const old = frames;
    read = pictures = frames = null;
    (await old?.catch(() => null))?.[Symbol.dispose]();
  };
  const redo: Redo = openRedo((state) => {
    if (state.state !== 'done') return tell({ kind: 'redo', redo: state });
    void forget().then(() => tell({ kind: 'redo', redo: state }));
  });
  // What failed is tried again when it is next asked for: a disk may have come back.
  const readNow = () => {
    read ??= readReport(folder).catch((error: unknown) => {
      read = null;
      throw error;
    });
    return read;
  };
  const picturesNow = () => {
    pictures ??= readNow()
      .then((report) => turnstile.pass(() => openPictures(report, ffmpeg, closing.signal)))
      .catch((error: unknown) => {
        pictures = null;
        throw error;
      });
    return pictures;
  };
  const framesNow = () => {
    frames ??= Promise.all([readNow(), picturesNow()])
      .then(([range, opened]) => reviewFrames(opened, range, { ffmpeg, turnstile }))
      .catch((error: unknown) => {
        frames = null;
        throw error;
      });
    return frames;
  };
  const fileNow = () => {
    file ??= openDecisions(join(folder, REVIEW_FOLDER)).catch((error: unknown) => {
      file = null;
      throw error;
    });
    return file;
  };
  const decisions = async () => (await fileNow()).list();

  return {
    read: readNow,
    pictures: picturesNow,
    frames: framesNow,
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
      const [report, opened] = await Promise.all([readNow(), fileNow()]);
      await assertDecidable(request, report, opened.list());
      const added = await opened.add(request);
      if ('conflict' in added) throw new ConflictFound(added.conflict);
      tell({ kind: 'decision', decision: added.decision });
      return { decision: added.decision, since: opened.list().slice(request.seen) };
    },
    async overrides() {
      const [report, all] = await Promise.all([readNow(), decisions()]);
      const own = join(folder, REVIEW_FOLDER);
      const first = report.request && (await firstRequest(report, own, join(own, 'overrides.json')));
      return compileOverrides(await overridesOf(first?.overrides), all, report.report.reel.first);
    },
    redo: redo.state,
    async startRedo() {
      if (redo.state().state === 'running') throw new RequestRefused(409, 'A redo of this reel runs already.');
      const [report, all] = await Promise.all([readNow(), decisions()]);
      if (redo.state().state === 'running') throw new RequestRefused(409, 'A redo of this reel runs already.');
      await redo.start(report, all);
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
      await (await file?.catch(() => null))?.[Symbol.asyncDispose]();
    },
  };
}

/** Refuses a decision on what there is not: it would do nothing, or make a redo fail. */
async function assertDecidable(
  { target, body }: DecisionRequest,
  report: ReadReport,
  decisions: readonly Decision[],
): Promise<void> {
  const refuse = (why: string): never => {
    throw new RequestRefused(400, why);
  };
  const { tracks, shots } = report.tracks;
  const track = target.scope === 'track' ? tracks.find(({ id }) => id === target.track) : undefined;
  if (target.scope === 'track' && !track) refuse('There is no such track in this reel.');
  if (target.scope === 'shot' && !shots[target.shot]) refuse('There is no such shot in this reel.');
  if ((body.what === 'cast' || body.what === 'pin') && !track) refuse(`To ${body.what} is of a track.`);
  const ofReel = ['restorer', 'preset', 'setting', 'still'];
  if (ofReel.includes(body.what) && target.scope !== 'reel') refuse(`A ${body.what} is of the whole reel.`);
  if (body.what === 'pin' && track && !contains(track, body.frame)) refuse('The track does not show that frame.');
  if (body.what === 'box' && !contains(report, body.frame)) refuse('The restored range does not have that frame.');
  if (body.what === 'holdout' && !(body.in >= report.in && body.out <= report.out && body.in < body.out)) {
    refuse('The restored range does not have those frames.');
  }
  if (body.what === 'undo' && !decisions.some(({ id }) => id === body.of)) refuse('There is no such decision to undo.');
  if (body.what === 'restorer' || body.what === 'preset' || body.what === 'setting') {
    const { restorers, presets, settings } = await reviewChoices();
    if (body.what === 'restorer' && !restorers.includes(body.restorer))
      refuse(`Restorers are ${restorers.join(', ')}.`);
    if (body.what === 'preset' && !presets.includes(body.preset)) refuse(`Presets are ${presets.join(', ')}.`);
    if (body.what === 'setting') {
      // A path would make the server read a file that somebody in a browser chose.
      const isPath = typeof body.value === 'string' && /[\\/]|\.json$/.test(body.value);
      if (isPath || !settings.some(({ name }) => name === body.name))
        refuse('There is no such setting to decide on here.');
      if (body.value !== null) checkChanges({ [body.name]: body.value }, settingsSchema(RESTORERS), 'The setting');
    }
  }
  if (body.what === 'still') {
    const stills = await reviewStills(report.request, new Set());
    if (!stills.some(({ id }) => id === body.still)) refuse('There is no such still.');
  }
}
