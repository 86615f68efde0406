import { undoneIn } from '../provenance/decided.ts';
import type { Decision, DecisionBody, DecisionState, DecisionTarget } from './api.ts';

/** What decisions come to. */
export interface DecidedReel {
  /** Those that hold, in order: neither undone, nor an undoing. */
  readonly standing: readonly Decision[];
  readonly undone: readonly string[];
  /** Of a target; the last approval, rejection or redo of it. */
  stateOf(target: DecisionTarget): DecisionState;
}

const STATES: Readonly<Record<string, DecisionState>> = { approve: 'approved', reject: 'rejected', redo: 'redo' };

/** Replays decisions. */
export function replayDecisions(decisions: readonly Decision[]): DecidedReel {
  const undone = undoneIn(decisions);
  const standing = decisions.filter(({ id, body }) => body.what !== 'undo' && !undone.has(id));
  const states = new Map<string, DecisionState>();
  for (const { target, body } of standing) {
    const state = STATES[body.what];
    if (state) states.set(targetKey(target), state);
  }
  return { standing, undone: [...undone], stateOf: (target) => states.get(targetKey(target)) ?? 'undecided' };
}

/** True where two decisions are on the same target in the same matter, so that the later one would overrule the earlier unseen. */
export function isSameMatter(a: Pick<Decision, 'target' | 'body'>, b: Pick<Decision, 'target' | 'body'>): boolean {
  const matter = matterOf(a.body);
  return matter !== null && targetKey(a.target) === targetKey(b.target) && matter === matterOf(b.body);
}

function targetKey(target: DecisionTarget): string {
  if (target.scope === 'shot') return `shot ${target.shot}`;
  return target.scope === 'track' ? `track ${target.track}` : 'reel';
}

/** Null of notes, boxes and holdouts, which are added to others and overrule none. */
function matterOf(body: DecisionBody): string | null {
  if (body.what in STATES) return 'state';
  if (body.what === 'setting') return `setting ${body.name}`;
  if (body.what === 'still') return `still ${body.still}`;
  if (body.what === 'pin') return `pin ${body.frame}`;
  if (body.what === 'undo') return `undo ${body.of}`;
  return body.what === 'cast' || body.what === 'restorer' || body.what === 'preset' ? body.what : null;
}
