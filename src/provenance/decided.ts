import { z } from 'zod';
import { sha256Of } from '../disk/sha256.ts';

/** What a decision of a review is of. */
const targetSchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('reel') }),
  z.strictObject({ scope: z.literal('shot'), shot: z.int().nonnegative() }),
  z.strictObject({ scope: z.literal('track'), track: z.string() }),
]);
export type DecidedTarget = z.infer<typeof targetSchema>;

/** As much of a line of a review's decisions as tells what was approved. */
const lineSchema = z.looseObject({
  id: z.string(),
  who: z.string(),
  when: z.iso.datetime(),
  target: targetSchema,
  body: z.looseObject({ what: z.string(), of: z.exactOptional(z.string()) }),
  note: z.exactOptional(z.string()),
});

/** A decision, and SHA-256 of its line, the line feed among it. */
export type Decided = z.infer<typeof lineSchema> & { readonly sha256: string };

/** The decisions in the text of a review's file; a last line that is being written is left out. */
export function readDecided(text: string): Decided[] {
  return text.split(/(?<=\n)/).flatMap((line) => {
    if (!line.endsWith('\n')) return [];
    try {
      return [{ ...lineSchema.parse(JSON.parse(line)), sha256: sha256Of(line) }];
    } catch {
      return [];
    }
  });
}

/** What tells a target from others. */
export function targetName(target: DecidedTarget): string {
  if (target.scope === 'reel') return 'the reel';
  return target.scope === 'shot' ? `shot ${target.shot + 1}` : `track "${target.track}"`;
}

/** Ids of the decisions that were undone. To undo an undoing brings back what it undid. */
export function undoneIn(
  decisions: readonly { readonly id: string; readonly body: { readonly what: string; readonly of?: string } }[],
): ReadonlySet<string> {
  const undone = new Set<string>();
  // The last undoing counts first: it may undo another.
  for (const { id, body } of decisions.toReversed()) {
    if (body.what === 'undo' && body.of !== undefined && !undone.has(id)) undone.add(body.of);
  }
  return undone;
}

/** By target, the decision that approved it, rejected it or wants it redone last, of those that were not undone. */
export function standingStates(decisions: readonly Decided[]): Map<string, Decided> {
  const undone = undoneIn(decisions);
  const states = new Map<string, Decided>();
  for (const one of decisions) {
    if (/^(approve|reject|redo)$/.test(one.body.what) && !undone.has(one.id)) states.set(targetName(one.target), one);
  }
  return states;
}
