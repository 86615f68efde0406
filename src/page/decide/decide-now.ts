import { signal } from '@preact/signals';
import type { DecisionBody, DecisionConflict, DecisionRequest, DecisionTarget } from '../../review/api.ts';
import { Conflict, postDecision } from '../ask.ts';
import { reviewerName } from '../reviewer.ts';
import { refreshDecisions } from '../show-reel.ts';
import { chosen, decisions, review } from '../state.ts';
import { tell, tellFault } from '../tell.ts';
import { lastStandingBy } from './decided.ts';
import { nameOfTarget, saidBy } from './said.ts';

/** The note that the next decision is given; empty for none. */
export const note = signal('');

/** A decision that waits for its person, since somebody else has decided in the same matter. */
export const conflicted = signal<{
  readonly request: DecisionRequest;
  readonly since: DecisionConflict['since'];
} | null>(null);

/**
 * Keeps a decision, with the note that was written, under the name of the person, who is asked for it where it is not known.
 *
 * @returns whether it was kept
 */
export async function decide(body: DecisionBody, target: DecisionTarget = chosen.value): Promise<boolean> {
  const who = await reviewerName();
  if (who === null) return false;
  const written = note.value.trim();
  const seen = decisions.value?.decisions.at(-1)?.seq ?? 0;
  return send({ seen, who, target, body, ...(written === '' ? {} : { note: written }) });
}

/** Sends a decision once more after its person has seen what others decided. */
export async function decideAllTheSame(): Promise<boolean> {
  const waiting = conflicted.value;
  if (!waiting) return false;
  conflicted.value = null;
  const seen = Math.max(waiting.request.seen, ...waiting.since.map(({ seq }) => seq));
  return send({ ...waiting.request, seen });
}

async function send(request: DecisionRequest): Promise<boolean> {
  const reel = review.value;
  if (!reel) return false;
  try {
    const { decision } = await postDecision(reel.id, request);
    if (request.note === note.value.trim()) note.value = '';
    const before = decisions.value?.decisions ?? [];
    const undone = before.find(({ id }) => decision.body.what === 'undo' && id === decision.body.of) ?? null;
    await refreshDecisions();
    tell(`${nameOfTarget(decision.target)}: ${saidBy(decision.body, reel, undone)}.`);
    return true;
  } catch (error) {
    if (error instanceof Conflict) {
      conflicted.value = { request, since: error.since };
      await refreshDecisions();
    } else tellFault(error);
    return false;
  }
}

/** Undoes the person's last decision on what is chosen. */
export async function undoLast(): Promise<void> {
  const who = await reviewerName();
  const target = chosen.value;
  if (who === null || !decisions.value) return;
  const last = lastStandingBy(decisions.value, target, who);
  if (last) await decide({ what: 'undo', of: last.id }, target);
  else tell(`${nameOfTarget(target)}: no decision of ${who} stands here.`);
}
