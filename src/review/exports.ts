import { csvText } from '../editorial/csv-records.ts';
import type { FoundShots, ShotMarker } from '../editorial/found-shots.ts';
import { writeOtio } from '../editorial/write-otio.ts';
import { contains } from '../film/range.ts';
import { frameTimecode, type Reel } from '../film/reel.ts';
import { html } from '../report/html.ts';
import type { Decision, DecisionBody, DecisionState, DecisionTarget, ReelReview } from './api.ts';
import { replayDecisions } from './decision-state.ts';

/** A reel with its decisions, to be handed over. */
export interface ToExport {
  readonly review: ReelReview;
  readonly reel: Reel;
  readonly decisions: readonly Decision[];
}

/** Every decision, undone ones among them, as comma-separated values; `first` and `last` are the reel's own frame numbers. */
export function decisionsCsv({ review, reel, decisions }: ToExport): string {
  const { undone } = replayDecisions(decisions);
  return csvText([
    ['seq', 'when', 'who', 'of', 'first', 'last', 'in', 'out', 'what', 'detail', 'note', 'undone'],
    ...decisions.map((one) => {
      const range = rangeOf(one, review);
      const number = (frame: number) => String(review.first + frame);
      const label = (frame: number) => frameTimecode(reel, frame) ?? number(frame);
      return [
        ...[String(one.seq), one.when, harmless(one.who), harmless(targetWords(one.target))],
        ...[number(range.in), number(range.out - 1), label(range.in), label(range.out - 1)],
        ...[one.body.what, harmless(detailWords(one.body, review.first, decisions)), harmless(one.note ?? '')],
        undone.includes(one.id) ? 'yes' : 'no',
      ];
    }),
  ]);
}

/** The reel's shots as OpenTimelineIO, with a marker for every decision that stands. */
export function decisionsOtio({ review, reel, decisions }: ToExport): string {
  const { standing } = replayDecisions(decisions);
  const marked = standing.map((one) => ({ ...rangeOf(one, review), one }));
  const found: FoundShots = {
    reel,
    shots: review.shots.map((shot) => ({
      name: `shot ${String(shot.index + 1).padStart(3, '0')}`,
      in: shot.in,
      out: shot.out,
      faces: review.tracks
        .filter((track) => track.shot === shot.index)
        .map((track) => ({
          ...{ in: track.in, out: track.out, track: track.id, person: track.cast },
          restorer: track.restored > 0 ? review.restorer : null,
          restored: track.restored,
        })),
      markers: marked
        .filter((range) => contains(shot, range.in))
        .map(({ one, in: from, out }): ShotMarker => {
          const text = `${one.who}: ${decisionWords(one, review.first, decisions)}`;
          const track = one.target.scope === 'track' ? { track: one.target.track } : {};
          return { in: from, out: Math.min(out, shot.out), kind: 'decided', ...track, text };
        }),
    })),
  };
  return writeOtio(found);
}

/** A sheet to be printed: the state of every shot and track, and all decisions. */
export function decisionsSheet({ review, reel, decisions }: ToExport): string {
  const { undone } = replayDecisions(decisions);
  const frames = (range: { readonly in: number; readonly out: number }) => {
    const numbers = `${review.first + range.in}–${review.first + range.out - 1}`;
    const [begin, end] = [frameTimecode(reel, range.in), frameTimecode(reel, range.out - 1)];
    return begin === null || end === null ? numbers : `${numbers}, ${begin} – ${end}`;
  };
  const row = (name: string, range: { readonly in: number; readonly out: number }, state: DecisionState, who: string) =>
    html`<tr><td>${name}</td><td>${frames(range)}</td><td>${who}</td><td>${state}</td></tr>`;
  const states = review.shots.flatMap((shot) => [
    row(`Shot ${shot.index + 1}`, shot, shot.state, ''),
    ...review.tracks
      .filter((track) => track.shot === shot.index)
      .map((track) => row(track.id, track, track.state, track.cast ?? 'nobody')),
  ]);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Decisions on ${review.name}</title>
<link rel="stylesheet" href="/sheet.css"></head>
<body><h1>Decisions on ${review.name}</h1>
<p>Restored ${review.finished} from ${review.plate} with ${review.restorer}.</p>
<h2>States</h2>
<table><thead><tr><th>What</th><th>Frames</th><th>Cast</th><th>State</th></tr></thead><tbody>${states}</tbody></table>
<h2>Decisions</h2>
<table><thead><tr><th>No.</th><th>When</th><th>Who</th><th>Of</th><th>Frames</th><th>Decision</th></tr></thead><tbody>${decisions.map(
    (one) =>
      html`<tr><td>${String(one.seq)}</td><td>${one.when}</td><td>${one.who}</td><td>${targetWords(one.target)}</td><td>${frames(rangeOf(one, review))}</td><td>${decisionWords(one, review.first, decisions)}${undone.includes(one.id) ? ' (undone)' : ''}</td></tr>`,
  )}</tbody></table>
</body></html>
`;
  return page.markup;
}

/** How the sheet is printed. */
export const SHEET_STYLE = `body { font: 11pt/1.4 system-ui, sans-serif; margin: 2cm; color: #000; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #888; padding: 0.2em 0.6em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
@page { margin: 1.5cm; }
`;

/** The frames that a decision is about. */
function rangeOf({ target, body }: Decision, review: ReelReview): { readonly in: number; readonly out: number } {
  if (body.what === 'holdout') return { in: body.in, out: body.out };
  if (body.what === 'box' || body.what === 'pin') return { in: body.frame, out: body.frame + 1 };
  if (target.scope === 'shot') return review.shots[target.shot] ?? review;
  if (target.scope === 'track') return review.tracks.find(({ id }) => id === target.track) ?? review;
  return { in: review.in, out: review.out };
}

function targetWords(target: DecisionTarget): string {
  if (target.scope === 'shot') return `shot ${target.shot + 1}`;
  return target.scope === 'track' ? `track ${target.track}` : 'the reel';
}

function decisionWords({ body, note }: Decision, first: number, all: readonly Decision[]): string {
  const detail = detailWords(body, first, all);
  return [`${body.what}${detail === '' ? '' : ` ${detail}`}`, ...(note ? [note] : [])].join(': ');
}

function detailWords(body: DecisionBody, first: number, all: readonly Decision[]): string {
  switch (body.what) {
    case 'box':
      return `${body.box.join(', ')} in frame ${first + body.frame}`;
    case 'restorer':
      return body.restorer;
    case 'preset':
      return body.preset;
    case 'setting':
      return `${body.name} ${body.value === null ? 'as it was' : `= ${body.value}`}`;
    case 'cast':
      return body.as === null ? 'as nobody' : `as ${body.as}`;
    case 'still':
      return `${body.still} ${body.leftOut ? 'left out' : 'taken back'}`;
    case 'pin':
      return `${body.five.map((v) => v.toFixed(1)).join(', ')} in frame ${first + body.frame}`;
    case 'holdout':
      return body.box ? body.box.join(', ') : 'whole frames';
    case 'undo':
      return `no. ${all.find(({ id }) => id === body.of)?.seq ?? body.of}`;
    default:
      return '';
  }
}

/** A spreadsheet takes a text that begins with one of these signs for a formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
