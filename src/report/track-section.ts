import type { MotionParts } from '../carry/smooth/weave.ts';
import type { FaceFigures } from './face-figures.ts';
import type { FaceSheet } from './face-sheet.ts';
import { type Html, html } from './html.ts';
import { sheetFigure } from './sheet-figure.ts';
import { carryingCurves, restoringCurves, shadedWords, type TrackEvidence } from './track-curves.ts';
import type { TracksFile } from './tracks-file.ts';

/** What the page shows of a track beside the contents of `tracks.json` and `report.json`. */
export interface TrackView extends TrackEvidence {
  /** Faces step by step; none where the track is not among those shown. */
  readonly sheets: readonly FaceSheet[];
  /** Weave, camera and head in the face's motion, plate pixels. */
  readonly motion: MotionParts | null;
}

type Track = TracksFile['tracks'][number];

/** What a track's section shows. */
export interface TrackSection {
  readonly track: Track;
  /** Its pictures and curves, where it has them. */
  readonly view: TrackView | undefined;
  readonly figures: FaceFigures | undefined;
  /** The number that people give frame 0. */
  readonly first: number;
  readonly open: boolean;
}

/** A track with its casting, its pictures and its curves. */
export function trackSection({ track, view, figures, first, open }: TrackSection): Html {
  const frames = [track.in + first, track.out - 1 + first] as const;
  const shaded = shadedWords(figures, first, view?.reasons);
  const likeness = track.similarity === null ? '' : `similarity ${track.similarity.toFixed(2)}`;
  return html`<details class="track"${open && html` open`}>
<summary><b>${track.id}</b> <span class="${track.cast === null ? 'uncast' : 'cast'}">${track.cast ?? 'nobody'}</span>${likeness && html` <span>${likeness}</span>`} <span>shot ${track.shot + 1}, frames ${frames[0]}–${frames[1]}</span> <span>${outcome(track, figures)}</span></summary>
${figures && figures.restored > 0 && html`<dl class="outcome">${outcomeFigures(figures).map(([label, value, note]) => html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`)}</dl>`}
${view?.sheets.map((sheet) => sheetFigure(sheet, first))}
${view && html`<h3>What restoring did${shaded && html` <small>shaded: ${shaded}</small>`}</h3><div class="charts">${restoringCurves(track, view, figures, first)}</div>`}
${view && html`<h3>How it was followed${view.motion && html` <small>${motionWords(view.motion)}</small>`}</h3><div class="charts">${carryingCurves(track, view, first)}</div>`}
</details>`;
}

/** The parts of a face's motion, in words. */
function motionWords({ weave, camera, head }: MotionParts): string {
  const pixels = (v: number) => (v < 0.995 ? v.toFixed(2) : v.toFixed(1));
  return `gate weave ${pixels(weave)} pixels, camera ${pixels(camera)} and head ${pixels(head)} pixels a frame`;
}

function outcome(track: Track, figures: FaceFigures | undefined): string {
  if (!figures) return 'not restored';
  const all = track.out - track.in;
  const left = figures.refused > 0 ? `, ${figures.refused} left alone` : '';
  return `${figures.restored === all ? `all ${all}` : `${figures.restored} of ${all}`} frames restored${left}`;
}

/** The main figures of a track: label, value, comparison. */
function outcomeFigures({ sharpness, gate, likeness, dirt, averaged }: FaceFigures): [string, string, string][] {
  const figures: [string, string, string][] = [];
  if (sharpness && sharpness.before > 0) {
    const ratio = sharpness.after / sharpness.before;
    figures.push([
      'sharpness',
      `× ${ratio.toFixed(2)}`,
      `${sharpness.before.toFixed(2)} → ${sharpness.after.toFixed(2)} %`,
    ]);
  }
  if (likeness) {
    const sign = likeness.gain < 0 ? '−' : '+';
    figures.push([
      'likeness',
      `${sign} ${Math.abs(likeness.gain).toFixed(3)}`,
      `${likeness.before.toFixed(3)} → ${likeness.after.toFixed(3)}, ${likeness.sampled} frames`,
    ]);
  }
  if (gate) figures.push(['stills agree', `${Math.round(100 * gate.mean)} %`, 'of their detail']);
  if (dirt !== null) figures.push(['dirt', `${(100 * dirt).toFixed(1)} %`, 'of the face was filled']);
  if (averaged !== null) figures.push(['averaged', averaged.toFixed(1), 'frames, on average']);
  return figures;
}
