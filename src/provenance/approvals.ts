import { z } from 'zod';
import { readChain } from './chain.ts';
import { type Decided, type DecidedTarget, standingStates, targetName } from './decided.ts';
import type { EditLog } from './edit-log.ts';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const decision = z.strictObject({ id: z.string(), sha256 });
const target = z.custom<DecidedTarget>((value) => typeof value === 'object' && value !== null && 'scope' in value);

/** What follows was decided on the output of one edit log. */
const closingSchema = z.strictObject({
  kind: z.literal('closing'),
  /** The seal of the log. */
  log: sha256,
  written: z.iso.datetime(),
  /** SHA-256 of the record under which faces were put in others' places; null where none was. */
  authorisation: sha256.nullable(),
});

const approvalSchema = z.strictObject({
  kind: z.literal('approval'),
  /** The line of the review's decisions, by its id and its hash. */
  decision,
  who: z.string(),
  when: z.iso.datetime(),
  target,
  note: z.exactOptional(z.string()),
  /** The takes that were approved, as the log has them; null where the decision is older than the log, and nothing tells of which. */
  takes: z.array(z.strictObject({ in: count, out: count, key: sha256 })).nullable(),
});

/** What was approved is not any more. */
const withdrawalSchema = z.strictObject({
  kind: z.literal('withdrawal'),
  target,
  /** What came in its place; null where it was undone. */
  decision: decision.nullable(),
  who: z.string().nullable(),
  when: z.iso.datetime().nullable(),
});

const lineSchema = z.discriminatedUnion('kind', [closingSchema, approvalSchema, withdrawalSchema]);
export type ApprovalLine = z.infer<typeof lineSchema>;
export type Approval = z.infer<typeof approvalSchema>;

/** `approvals.jsonl` as it was read. */
export interface ReadApprovals {
  readonly lines: readonly ApprovalLine[];
  /** SHA-256 of each line. */
  readonly hashes: readonly string[];
  /** By target, what holds there last. */
  readonly standing: ReadonlyMap<string, Approval>;
  /** What is wrong with the file, as sentences. */
  readonly faults: readonly string[];
}

export function readApprovals(text: string): ReadApprovals {
  const { lines: chain, faults: broken } = readChain(text);
  const faults = [...broken];
  const lines: ApprovalLine[] = [];
  const standing = new Map<string, Approval>();
  for (const { at, said } of chain) {
    const line = lineSchema.safeParse(said);
    if (!line.success) {
      faults.push(`Line ${at} says what no line of approvals says.`);
      continue;
    }
    lines.push(line.data);
    if (line.data.kind === 'approval') standing.set(targetName(line.data.target), line.data);
    if (line.data.kind === 'withdrawal') standing.delete(targetName(line.data.target));
  }
  return { lines, hashes: chain.map((line) => line.sha256), standing, faults };
}

/** The log of an output, its seal, and its shots in order. */
export interface ApprovedOutput {
  readonly log: EditLog;
  readonly seal: string;
  readonly shots: readonly { readonly in: number; readonly out: number }[];
}

/**
 * The lines that bind what a review has decided to the output that it was decided on; none where all is bound already. A decision is on an
 * output when it is not older than the output's log.
 */
export function closingLines(
  { lines, standing }: Pick<ReadApprovals, 'lines' | 'standing'>,
  decisions: readonly Decided[],
  output: ApprovedOutput,
): ApprovalLine[] {
  const states = standingStates(decisions);
  const due: ApprovalLine[] = [];
  for (const [name, state] of states) {
    if (state.body.what !== 'approve' || standing.get(name)?.decision.id === state.id) continue;
    // What was undone and stands again was bound before.
    const before = lines.find((line) => line.kind === 'approval' && line.decision.id === state.id);
    due.push(before ?? approvalOf(state, output));
  }
  for (const [name, { target: of }] of standing) {
    const state = states.get(name);
    if (state?.body.what === 'approve') continue;
    const { id, sha256: hash, who, when } = state ?? {};
    const instead = id !== undefined && hash !== undefined ? { id, sha256: hash } : null;
    due.push({ kind: 'withdrawal', target: of, decision: instead, who: who ?? null, when: when ?? null });
  }
  if (due.length === 0) return [];
  const { log, seal } = output;
  const closing = {
    kind: 'closing',
    log: seal,
    written: new Date().toISOString(),
    authorisation: log.header.authorisation?.sha256 ?? null,
  } as const;
  return [closing, ...due];
}

function approvalOf({ id, sha256: hash, who, when, target: of, note }: Decided, output: ApprovedOutput): Approval {
  const isOfIt = Date.parse(when) >= Date.parse(output.log.header.written);
  return {
    kind: 'approval',
    decision: { id, sha256: hash },
    ...{ who, when, target: of },
    ...(note === undefined ? {} : { note }),
    takes: isOfIt ? takesOf(of, output) : null,
  };
}

/** The takes that a target has a part in; null where the output does not have it. */
function takesOf(of: DecidedTarget, { log, shots }: ApprovedOutput): Approval['takes'] {
  const shown = (take: { readonly in: number; readonly out: number; readonly key: string }) => ({
    in: take.in,
    out: take.out,
    key: take.key,
  });
  if (of.scope === 'reel') return log.takes.map(shown);
  if (of.scope === 'shot') {
    const shot = shots[of.shot];
    return shot ? log.takes.filter((take) => take.in < shot.out && take.out > shot.in).map(shown) : null;
  }
  const own = new Set<number>();
  for (const { take, faces } of log.frames) if (faces.some(({ track }) => track === of.track)) own.add(take);
  return own.size > 0 ? log.takes.filter(({ take }) => own.has(take)).map(shown) : null;
}
