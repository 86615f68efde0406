import type {
  DecisionList,
  DecisionState,
  DecisionTarget,
  ReelEntry,
  ReelReview,
  ReviewShot,
  ReviewTrack,
} from '../../review/api.ts';
import { decidedCast, isSameTarget, stateIn } from '../decide/decided.ts';

/** What of a list is shown; of `person` undefined is anybody, null nobody. */
export interface ListFilter {
  readonly state: DecisionState | 'any';
  readonly person: string | null | undefined;
  readonly order: 'worst' | 'time';
}

export const NO_FILTER: ListFilter = { state: 'any', person: undefined, order: 'worst' };

/** A shot in the list, with those of its tracks that are in it, too. */
export interface ShotInList {
  readonly shot: ReviewShot;
  readonly state: DecisionState;
  readonly tracks: readonly TrackInList[];
}

export interface TrackInList {
  readonly track: ReviewTrack;
  /** Whom it shows, by what was decided, or else by the run. */
  readonly cast: string | null;
  readonly state: DecisionState;
}

/** The shots of a reel, of which a filter lets through those that are, or have, what it asks for. */
export function listedShots(
  reel: Pick<ReelReview, 'shots' | 'tracks'>,
  list: DecisionList,
  { state, person, order }: ListFilter,
): readonly ShotInList[] {
  const isMeant = (own: DecisionState) => state === 'any' || own === state;
  const isWorst = order === 'worst';
  const tracks = reel.tracks
    .map((track): TrackInList => {
      const decided = decidedCast(list, track.id);
      const cast = decided === undefined ? track.cast : decided;
      return { track, cast, state: stateIn(list, { scope: 'track', track: track.id }) };
    })
    .filter((one) => isMeant(one.state) && (person === undefined || one.cast === person))
    .sort((a, b) => (isWorst ? b.track.badness.score - a.track.badness.score : 0) || a.track.in - b.track.in);
  return reel.shots
    .map((shot): ShotInList => {
      const own = tracks.filter(({ track }) => track.shot === shot.index);
      return { shot, state: stateIn(list, { scope: 'shot', shot: shot.index }), tracks: own };
    })
    .filter((one) => one.tracks.length > 0 || (person === undefined && isMeant(one.state)))
    .sort((a, b) => (isWorst ? b.shot.worst.score - a.shot.worst.score : 0) || a.shot.index - b.shot.index);
}

/** A row of the list, from top to bottom. */
export interface ListRow {
  readonly target: DecisionTarget;
  readonly state: DecisionState;
}

export function listRows(shots: readonly ShotInList[]): readonly ListRow[] {
  return shots.flatMap(({ shot, state, tracks }) => [
    { target: { scope: 'shot', shot: shot.index } as const, state },
    ...tracks.map((one) => ({ target: { scope: 'track', track: one.track.id } as const, state: one.state })),
  ]);
}

/** The row `step` rows below the chosen one, and no further than the ends; the first one where none is chosen. */
export function rowBeside(rows: readonly ListRow[], target: DecisionTarget, step: 1 | -1): ListRow | null {
  const at = rows.findIndex((row) => isSameTarget(row.target, target));
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
  return rows[next] ?? null;
}

/** The first undecided row below the chosen one, and from the top on below the last; null where all are decided. */
export function nextUndecided(rows: readonly ListRow[], target: DecisionTarget): ListRow | null {
  const at = rows.findIndex((row) => isSameTarget(row.target, target));
  const inTurn = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return inTurn.find((row) => row.state === 'undecided' && !isSameTarget(row.target, target)) ?? null;
}

/** Reels that have what a filter asks for, as the server sorted them, or by when they were restored, the latest first. */
export function listedReels(reels: readonly ReelEntry[], { state, person, order }: ListFilter): readonly ReelEntry[] {
  const shown = reels.filter(
    (reel) => (state === 'any' || reel.states[state] > 0) && (person == null || reel.people.includes(person)),
  );
  return order === 'worst' ? shown : shown.sort((a, b) => (a.finished < b.finished ? 1 : -1));
}
