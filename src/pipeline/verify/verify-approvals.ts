import type { Approval, ApprovalLine } from '../../provenance/approvals.ts';
import { targetName } from '../../provenance/decided.ts';
import type { EditLog } from '../../provenance/edit-log.ts';
import { readApprovalFiles } from '../approvals/close-approvals.ts';
import type { Findings } from './verify-files.ts';

/** Where the chain of approvals ended when it was signed. */
export interface SignedApprovals {
  readonly lines: number;
  readonly sha256: string;
}

/**
 * Tells who approved what of an output, and holds each approval to the takes that it was given for.
 *
 * @param report the report's folder
 * @param signed what content credentials say of the approvals; null where they say nothing
 */
export async function verifyApprovals(
  report: string,
  { log, seal }: { readonly log: EditLog; readonly seal: string },
  signed: SignedApprovals | null,
): Promise<Findings> {
  const { bound, decisions, due } = await readApprovalFiles(report, log, seal);
  const proved: string[] = [];
  const faults = bound.faults.map((fault) => `Of the approvals: ${fault}`);
  if (signed && bound.hashes[signed.lines - 1] !== signed.sha256)
    faults.push('The approvals are not those that were signed: lines of theirs are others, or are gone.');
  const keys = new Set(log.takes.map(keyOf));
  const known = decisions && new Map(decisions.map(({ id, sha256 }) => [id, sha256]));
  for (const [name, approval] of bound.standing) {
    const { decision, takes } = approval;
    const isKept = known === null || known.get(decision.id) === decision.sha256;
    if (!isKept) {
      faults.push(`${words(approval)} is no decision of the review any more: its line was changed or removed.`);
    } else if (takes === null) {
      faults.push(`${words(approval)} was given for an output before this one, and nothing tells for which frames.`);
    } else {
      const anew = takes.filter((take) => !keys.has(keyOf(take)));
      if (anew.length === 0) proved.push(approved(name, approval));
      else faults.push(renderedAnew(approval, anew, log));
    }
  }
  proved.push(...due.flatMap((line) => openSentence(line)));
  const { authorisation: use } = log.header;
  if (use) {
    proved.push(
      `Faces were put in others' places under the record with SHA-256 ${use.sha256}: allowed by ${use.allowedBy}, for ${use.purpose}, until ${use.until}.`,
    );
  }
  return { proved, faults };
}

function keyOf({ in: from, out, key }: { readonly in: number; readonly out: number; readonly key: string }): string {
  return `${from} ${out} ${key}`;
}

function words({ target, who, when }: Approval): string {
  return `The approval of ${targetName(target)} by ${who} (${when})`;
}

function approved(name: string, { who, when, note }: Approval): string {
  const said = note === undefined ? '' : `: ${JSON.stringify(note)}`;
  return `Approved as it is: ${name}, by ${who} (${when})${said}.`;
}

function renderedAnew(approval: Approval, takes: NonNullable<Approval['takes']>, { header }: EditLog): string {
  const { first } = header.reel;
  const ranges = takes.map(({ in: from, out }) => `${first + from} to ${first + out - 1}`);
  return `${words(approval)} does not hold for frames ${ranges.join(', ')}: they were rendered anew after it.`;
}

function openSentence(line: ApprovalLine): string[] {
  if (line.kind === 'approval')
    return [`Not bound to this output yet: ${words(line).replace('The', 'the')}. "reelmend sign" binds it.`];
  return line.kind === 'withdrawal' ? [`Not approved any more, and not bound yet: ${targetName(line.target)}.`] : [];
}
