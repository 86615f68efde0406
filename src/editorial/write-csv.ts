import { frameTimecode } from '../film/reel.ts';
import { csvText } from './csv-records.ts';
import { type FoundShot, type FoundShots, faceWords, type MarkerKind } from './found-shots.ts';

/** What is looked at in the column "worst". */
const WORST: readonly MarkerKind[] = ['changed', 'likeness', 'flicker'];

/**
 * Shots as comma-separated values. `in` and `out`, both included, are timecodes where the reel has one; `first` and `last` are its frame
 * numbers. `restorer` and `cast` are empty, to be filled in.
 */
export function writeCsv({ reel, shots }: FoundShots): string {
  const numberOf = (frame: number) => String(reel.first + frame);
  const nameOf = (frame: number) => frameTimecode(reel, frame) ?? numberOf(frame);
  const marked = (shot: FoundShot, kinds: readonly MarkerKind[]) =>
    shot.markers
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ in: from, out, text }) => `${out - from === 1 ? '' : `${numberOf(from)}-`}${numberOf(out - 1)} ${text}`)
      .join('; ');
  return csvText([
    ['name', 'in', 'out', 'first', 'last', 'restorer', 'cast', 'faces', 'restored', 'worst', 'refused', 'damaged'],
    ...shots.map((shot) => [
      shot.name,
      ...[nameOf(shot.in), nameOf(shot.out - 1), numberOf(shot.in), numberOf(shot.out - 1)],
      ...['', ''],
      shot.faces.map(faceWords).join('; '),
      String(shot.faces.reduce((sum, { restored }) => sum + restored, 0)),
      marked(shot, WORST),
      marked(shot, ['refused']),
      marked(shot, ['damaged']),
    ]),
  ]);
}
