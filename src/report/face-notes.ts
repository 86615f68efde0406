import type { RestorerWords } from '../restore/restorer-definition.ts';
import type { FaceFigures, FaceLimit } from './face-figures.ts';
import { rangeWords } from './frame-ranges.ts';

/** Mean share of the stills' detail from which no note is needed. */
const WELL_AGREED = 0.5;

/**
 * Sentences on where a face was left alone, restored only in part or hidden, and why.
 *
 * @param who the track, and the person it is cast as
 * @param first what people call frame 0
 * @param words those of the restorer that painted it
 */
export function faceNotes(
  who: string,
  { leftAlone, inPart, hidden, gate }: FaceFigures,
  first: number,
  { reasons, gate: advice }: RestorerWords,
): string[] {
  const notes = [
    ...byReason(leftAlone).map(
      ([reason, ranges]) =>
        `${who}: left as it was in ${rangeWords(ranges, first)}: ${reasons[reason]?.leftAlone ?? reason}.`,
    ),
    ...byReason(inPart).map(
      ([reason, ranges]) =>
        `${who}: restored only in part in ${rangeWords(ranges, first)}: ${reasons[reason]?.inPart ?? reason}.`,
    ),
  ];
  if (hidden) {
    const share = `${Math.round(100 * hidden.most)} % in frame ${hidden.mostFrame + first}`;
    notes.push(
      `${who}: something was before the face in ${rangeWords(hidden.ranges, first)}, and stayed the plate’s (${share} at most).`,
    );
  }
  if (gate && advice && gate.mean < WELL_AGREED) notes.push(`${who}: ${Math.round(100 * gate.mean)} % ${advice}`);
  return notes;
}

function byReason(limits: readonly FaceLimit[]): [string, FaceLimit[]][] {
  const reasons = [...new Set(limits.map(({ reason }) => reason))];
  return reasons.map((reason) => [reason, limits.filter((limit) => limit.reason === reason)]);
}
