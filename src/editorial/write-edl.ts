import { lengthOf } from '../film/range.ts';
import { reelFileName, reelStem } from '../film/reel-name.ts';
import { advanceTimecode, isDropFrame } from '../film/timecode.ts';
import { type FoundShots, faceWords, MARKER_COLOURS } from './found-shots.ts';
import { editorialStart, edlReelName } from './reel-source.ts';

/** Columns of a reel's name, channels, and a marker's colour. */
const [REEL, CHANNELS, COLOUR] = [8, 5, 7];

/**
 * Shots as a CMX3600 edit decision list: a cut each, one after another on the record from one hour on. Faces are told in comments, what
 * to look at in locators (`LOC`) at the record's time.
 */
export function writeEdl({ reel, shots }: FoundShots): string {
  const start = editorialStart(reel);
  const isDrop = isDropFrame(start);
  const after = (label: string, frames: number) => advanceTimecode(label, frames, reel.rate) ?? label;
  let record = isDrop ? '01:00:00;00' : '01:00:00:00';
  const lines = [`TITLE: ${oneLine(reelStem(reel))}`, `FCM: ${isDrop ? 'DROP FRAME' : 'NON-DROP FRAME'}`, ''];
  for (const [k, shot] of shots.entries()) {
    const recordIn = record;
    record = after(recordIn, lengthOf(shot));
    const event = String(k + 1).padStart(3, '0');
    const times = [after(start, shot.in), after(start, shot.out), recordIn, record].join(' ');
    lines.push(`${event}  ${edlReelName(reel).padEnd(REEL)} ${'V'.padEnd(CHANNELS)} C        ${times}`);
    lines.push(`* FROM CLIP NAME: ${oneLine(shot.name)}`, `* SOURCE FILE: ${oneLine(reelFileName(reel))}`);
    for (const face of shot.faces) lines.push(`* FACE: ${oneLine(faceWords(face))}`);
    for (const { in: from, out, kind, text } of shot.markers) {
      const length = out - from === 1 ? '' : ` (${out - from} frames)`;
      lines.push(
        `* LOC: ${after(recordIn, from - shot.in)} ${MARKER_COLOURS[kind].padEnd(COLOUR)} ${oneLine(`${text}${length}`)}`,
      );
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
