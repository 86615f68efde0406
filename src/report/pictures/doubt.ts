import type { PictureFaceRecord, PictureRecord } from './picture-record.ts';

/** Share of the stills' detail below which little of it was believed: as in the report of a reel. */
const LOW_GATE = 0.5;
/** How near to the threshold a likeness, a cosine, is in doubt: as far as the presets shift it. */
const NEAR = 0.1;

/** Why a picture is worth a look, and how much: higher first, 0 = not. */
export interface Doubt {
  readonly weight: number;
  readonly reasons: readonly string[];
}

/** @param threshold cosine from which a face is somebody's; null where nobody was given */
export function doubtOf({ outcome, why, faces }: PictureRecord, threshold: number | null): Doubt {
  const doubts: [weight: number, reason: string][] = [];
  if (outcome === 'lost') doubts.push([7, `could not be read, and the output lacks it: it ${why}`]);
  if (outcome === 'damaged') doubts.push([6, `is damaged and was passed on as it is: it ${why}`]);
  if (outcome === 'untouched' && why) doubts.push([5, `it ${why}`]);
  for (const face of faces) doubts.push(...doubtsOfFace(face, threshold));
  doubts.sort((a, b) => b[0] - a[0]);
  return { weight: doubts[0]?.[0] ?? 0, reasons: [...new Set(doubts.map(([, reason]) => reason))] };
}

/** Whether a face is worth a picture in the report. */
export function isDoubtful(face: PictureFaceRecord, threshold: number | null): boolean {
  return doubtsOfFace(face, threshold).some(([weight]) => weight > FAR);
}

/** Weight of a face that is like nobody who was given: in a folder of many people most are. */
const FAR = 1;

function doubtsOfFace(
  { person, similarity, outcome, why, gate, strength }: PictureFaceRecord,
  threshold: number | null,
): [weight: number, reason: string][] {
  const doubts: [number, string][] = [];
  const above = threshold === null || similarity === null ? null : similarity - threshold;
  const cosine = similarity === null ? '' : ` (cosine ${similarity.toFixed(2)})`;
  if (outcome === 'refused') doubts.push([4, `a face${person ? ` of ${person}` : ''} was left as it is: ${why}`]);
  if (outcome === 'unmatched') {
    doubts.push(
      above !== null && above > -NEAR
        ? [3, `a face is nearly somebody’s who was given, and was left as it is${cosine}`]
        : [FAR, `a face is like nobody who was given, and was left as it is${cosine}`],
    );
  }
  if (outcome !== 'restored') return doubts;
  if (gate !== undefined && gate < LOW_GATE) {
    doubts.push([3, `${Math.round(100 * gate)} % of the detail that the stills offer agrees with the picture`]);
  }
  if (above !== null && person && above < NEAR / 2) doubts.push([2, `only just like ${person}${cosine}`]);
  if (strength !== undefined && strength < 1)
    doubts.push([2, `restored only in part: ${why ?? 'it is small or turned away'}`]);
  return doubts;
}
