import type { Decision, DecisionBody, DecisionList, DecisionState, DecisionTarget } from '../../review/api.ts';

type Decided = Pick<DecisionList, 'decisions' | 'undone'>;

export function isSameTarget(a: DecisionTarget, b: DecisionTarget): boolean {
  if (a.scope === 'shot') return b.scope === 'shot' && a.shot === b.shot;
  if (a.scope === 'track') return b.scope === 'track' && a.track === b.track;
  return b.scope === 'reel';
}

/** The state of a target, by the last approval, rejection or redo of it that stands. */
export function stateIn(list: DecisionList, target: DecisionTarget): DecisionState {
  if (target.scope === 'shot') return list.shots[target.shot] ?? 'undecided';
  if (target.scope === 'track') return list.tracks[target.track] ?? 'undecided';
  const last = standingIn(list)
    .filter((one) => one.target.scope === 'reel')
    .findLast(({ body }) => isVerdict(body))?.body.what;
  return last === 'approve' ? 'approved' : last === 'reject' ? 'rejected' : last === 'redo' ? 'redo' : 'undecided';
}

function isVerdict({ what }: DecisionBody): boolean {
  return what === 'approve' || what === 'reject' || what === 'redo';
}

/** Decisions that hold, in order: neither undone, nor an undoing. */
function standingIn({ decisions, undone }: Decided): readonly Decision[] {
  return decisions.filter(({ id, body }) => body.what !== 'undo' && !undone.includes(id));
}

/** What a person can undo by one key: the last of that person's decisions on the target that stands. */
export function lastStandingBy(list: Decided, target: DecisionTarget, who: string): Decision | null {
  return standingIn(list).findLast((one) => one.who === who && isSameTarget(one.target, target)) ?? null;
}

/** A decision among those on a target. */
export interface HistoryLine {
  readonly decision: Decision;
  readonly isUndone: boolean;
  /** What an undoing undid. */
  readonly of: Decision | null;
}

/** The decisions on a target, the latest first; of the reel: all there are. */
export function historyOf({ decisions, undone }: Decided, target: DecisionTarget): readonly HistoryLine[] {
  return decisions
    .filter((one) => target.scope === 'reel' || isSameTarget(one.target, target))
    .map((decision) => ({
      decision,
      isUndone: undone.includes(decision.id),
      of: undoneBy(decision, decisions),
    }))
    .reverse();
}

function undoneBy({ body }: Decision, decisions: readonly Decision[]): Decision | null {
  return body.what === 'undo' ? (decisions.find(({ id }) => id === body.of) ?? null) : null;
}

/** Whom a track shows by what was decided; undefined where nobody decided on it. */
export function decidedCast(list: Decided, track: string): string | null | undefined {
  const last = standingIn(list).findLast(
    ({ target, body }) => body.what === 'cast' && target.scope === 'track' && target.track === track,
  );
  return last?.body.what === 'cast' ? last.body.as : undefined;
}

/** Ids of stills that are left out. */
export function leftOutStills(list: Decided): ReadonlySet<string> {
  const leftOut = new Set<string>();
  for (const { body } of standingIn(list)) {
    if (body.what !== 'still') continue;
    if (body.leftOut) leftOut.add(body.still);
    else leftOut.delete(body.still);
  }
  return leftOut;
}

/** What the next redo restores with where that was decided; settings by their names, without those that are as restored. */
export function decidedRequest(list: Decided): {
  readonly restorer: string | null;
  readonly preset: string | null;
  readonly settings: readonly (readonly [name: string, value: number | string | boolean])[];
} {
  let restorer: string | null = null;
  let preset: string | null = null;
  const settings = new Map<string, number | string | boolean>();
  for (const { body } of standingIn(list)) {
    if (body.what === 'restorer') restorer = body.restorer;
    else if (body.what === 'preset') preset = body.preset;
    else if (body.what === 'setting' && body.value === null) settings.delete(body.name);
    else if (body.what === 'setting' && body.value !== null) settings.set(body.name, body.value);
  }
  return { restorer, preset, settings: [...settings] };
}

const CHANGING: ReadonlySet<string> = new Set(['cast', 'pin', 'holdout', 'restorer', 'preset', 'setting', 'still']);

/** How many decisions after `through` may change takes: what else is said, is said to people. */
export function changesSince({ decisions }: Decided, through: number): number {
  const byId = new Map(decisions.map((one) => [one.id, one]));
  const isChange = ({ body }: Decision): boolean => {
    if (body.what !== 'undo') return CHANGING.has(body.what);
    const undone = byId.get(body.of);
    return undone !== undefined && isChange(undone);
  };
  return decisions.filter((one) => one.seq > through && isChange(one)).length;
}
