import type { FaceFigures, FaceLimit } from './face-figures.ts';
import { rangeWords } from './frame-ranges.ts';

const LEFT_ALONE: Readonly<Record<FaceLimit['reason'], string>> = {
  small: 'the face is too small to be told from its grain',
  turned: 'the face is turned away, and what is hidden cannot be restored',
  flash: 'the frame has a light of its own, such as a flash, and its neighbours cannot tell what is damage',
  stills: 'no still agrees with it',
};

const IN_PART: Readonly<Record<FaceLimit['reason'], string>> = {
  small: 'the face is small',
  turned: 'the face is nearly in profile',
  flash: 'the frame has a light of its own',
  stills:
    'the stills agree with less than half as much of it as elsewhere (a closed eye, a hand before it, another light); the rest was repaired without their detail',
};

/** Mean share of the stills' detail from which a reader need not be told. */
const WELL_AGREED = 0.5;

/**
 * Where a face could not be restored, or only in part, and why, as sentences.
 *
 * @param who the track, and whom it plays
 * @param first what people call frame 0
 */
export function faceNotes(who: string, { leftAlone, inPart, gate }: FaceFigures, first: number): string[] {
  const notes = [
    ...byReason(leftAlone).map(
      ([reason, ranges]) => `${who}: left as it was in ${rangeWords(ranges, first)}: ${LEFT_ALONE[reason]}.`,
    ),
    ...byReason(inPart).map(
      ([reason, ranges]) => `${who}: restored only in part in ${rangeWords(ranges, first)}: ${IN_PART[reason]}.`,
    ),
  ];
  if (gate && gate.mean < WELL_AGREED) {
    notes.push(
      `${who}: ${Math.round(100 * gate.mean)} % of the detail that the stills offer agrees with the film; elsewhere the face is the repaired plate. Stills nearer to the shot in pose, expression and light would give more.`,
    );
  }
  return notes;
}

function byReason(limits: readonly FaceLimit[]): [FaceLimit['reason'], FaceLimit[]][] {
  const reasons = [...new Set(limits.map(({ reason }) => reason))];
  return reasons.map((reason) => [reason, limits.filter((limit) => limit.reason === reason)]);
}
