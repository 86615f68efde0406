import type { Decision, DecisionBody, DecisionList, DecisionState, DecisionTarget } from '../../src/review/api.ts';
import { replayDecisions } from '../../src/review/decision-state.ts';

export const REEL: DecisionTarget = { scope: 'reel' };
export const shot = (index: number): DecisionTarget => ({ scope: 'shot', shot: index });
export const track = (id: string): DecisionTarget => ({ scope: 'track', track: id });

/** Decisions as the server keeps and tells them; ids are `d1`, `d2`, … */
export function decided(
  said: readonly (readonly [who: string, target: DecisionTarget, body: DecisionBody])[],
  { shots = 0, tracks = [] }: { readonly shots?: number; readonly tracks?: readonly string[] } = {},
): DecisionList {
  const decisions = said.map(([who, target, body], k): Decision => {
    const when = new Date(Date.UTC(2026, 10, 28, 12, k)).toISOString();
    return { id: `d${k + 1}`, seq: k + 1, who, when, target, body };
  });
  const { undone, stateOf } = replayDecisions(decisions);
  const states: Record<string, DecisionState> = {};
  for (const id of tracks) states[id] = stateOf(track(id));
  return {
    decisions,
    undone,
    shots: Array.from({ length: shots }, (_, index) => stateOf(shot(index))),
    tracks: states,
  };
}
