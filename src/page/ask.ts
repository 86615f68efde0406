import type {
  DecisionAnswer,
  DecisionConflict,
  DecisionList,
  DecisionRequest,
  PictureKind,
  PictureQuery,
  PlaybackQuery,
  RedoState,
  ReelId,
  ReelList,
  ReelReview,
  RefusedRequest,
  ReviewEvent,
  TrackCurves,
} from '../review/api.ts';

/** The server refused a request; the message is its sentence. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** Somebody else decided in the same matter meanwhile. */
export class Conflict extends Refused {
  readonly since: DecisionConflict['since'];

  constructor({ error, since }: DecisionConflict) {
    super(409, error);
    this.since = since;
  }
}

export const askReels = () => get<ReelList>('/api/reels');
export const askReel = (reel: ReelId) => get<ReelReview>(`/api/reels/${reel}`);
export const askDecisions = (reel: ReelId) => get<DecisionList>(`/api/reels/${reel}/decisions`);
export const askCurves = (reel: ReelId, track: string) =>
  get<TrackCurves>(`/api/reels/${reel}/curves/${encodeURIComponent(track)}`);

/** @throws Conflict where somebody else has decided in the same matter since `seen` */
export const postDecision = (reel: ReelId, decision: DecisionRequest) =>
  post<DecisionAnswer>(`/api/reels/${reel}/decisions`, decision);
export const postRedo = (reel: ReelId, who: string) => post<RedoState>(`/api/reels/${reel}/redo`, { who });
export const postCancel = (reel: ReelId) => post<RedoState>(`/api/reels/${reel}/redo/cancel`, {});

/**
 * Tells of decisions and of redoing until what it returns is called. The browser connects again by itself; `onOpen` is called each time,
 * since what happened in between is told to nobody.
 */
export function followEvents(reel: ReelId, onEvent: (event: ReviewEvent) => void, onOpen: () => void): () => void {
  const source = new EventSource(`/api/reels/${reel}/events`);
  source.addEventListener('open', onOpen);
  for (const kind of ['decision', 'redo'] as const) {
    source.addEventListener(kind, ({ data }: MessageEvent<string>) => onEvent(JSON.parse(data) as ReviewEvent));
  }
  return () => source.close();
}

export function pictureAddress(reel: ReelId, frame: number, kind: PictureKind, query: PictureQuery): string {
  return `/api/reels/${reel}/frames/${frame}/${kind}${queryText({ ...query })}`;
}

export function thumbnailAddress(reel: ReelId, frame: number, version: string): string {
  return `/api/reels/${reel}/thumbnails/${frame}${queryText({ v: version })}`;
}

/** Frames in a row as `playbackFrames` takes them apart. */
export function playbackAddress(reel: ReelId, kind: 'plate' | 'output', query: PlaybackQuery): string {
  return `/api/reels/${reel}/playback/${kind}${queryText({ ...query })}`;
}

export type ExportFile = 'decisions.csv' | 'decisions.otio' | 'overrides.json' | 'sheet.html';
export const exportAddress = (reel: ReelId, file: ExportFile) => `/api/reels/${reel}/exports/${file}`;

/** @throws Refused, or AbortError where `signal` ended it */
export async function askBytes(address: string, signal?: AbortSignal): Promise<Blob> {
  return (await answered(await fetch(address, { signal: signal ?? null }))).blob();
}

async function get<T>(path: string): Promise<T> {
  return (await answered(await fetch(path))).json() as Promise<T>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answered(answer)).json() as Promise<T>;
}

async function answered(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => ({}))) as Partial<RefusedRequest & DecisionConflict>;
  const error = said.error ?? `The server answered ${answer.status}.`;
  throw answer.status === 409 && said.since
    ? new Conflict({ error, since: said.since })
    : new Refused(answer.status, error);
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}
