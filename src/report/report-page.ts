import { basename } from 'node:path';
import { everyFrameTotal } from '../carry/track/every-frame.ts';
import { faceTable } from './face-table.ts';
import { formatSeconds } from './format-seconds.ts';
import { type Html, html } from './html.ts';
import { htmlPage } from './html-page.ts';
import { zoomChoice } from './layers-figure.ts';
import { networkLicenceTable } from './network-licence.ts';
import { networkRuns, networkTable, share } from './network-table.ts';
import { embedded, type PicturePair, pairFigure } from './pair-figure.ts';
import { reelTimeline } from './reel-timeline.ts';
import type { Report } from './report.ts';
import { outputSection, rateText, reelFactsSection, takeSection } from './run-sections.ts';
import { type TrackView, trackSection } from './track-section.ts';
import type { TracksFile } from './tracks-file.ts';

/** A picture of a shot for the strip, PNG, about 200 px wide. */
export interface ShotPicture {
  /** Index of the shot. */
  readonly shot: number;
  /** The frame shown, counted from 0. */
  readonly frame: number;
  readonly picture: Uint8Array;
}

/** All that the report page shows. */
export interface ReportPage {
  readonly report: Report;
  readonly tracks: TracksFile;
  /** Further facts of the reel, a line each: codec, timecode, sound, colour … */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly shots: readonly ShotPicture[];
  readonly pairs: readonly PicturePair[];
  /** Evidence of a track that `tracks` does not hold, by its id. */
  readonly views: ReadonlyMap<string, TrackView>;
}

/** The report as one HTML file. Style, script and pictures are inside it, and its policy forbids any request. */
export async function renderReportPage(page: ReportPage): Promise<string> {
  const { report, tracks } = page;
  const name = basename(report.reel.path);
  const pictures = await Promise.all(
    page.shots.map(async (shot) => ({ ...shot, source: await embedded(shot.picture) })),
  );
  const pairs = await Promise.all(page.pairs.map((pair) => pairFigure(pair, report.reel.first)));
  const body = html`<header>
<p class="brand">Reelmend report</p>
<h1>${name}</h1>
<p class="lead">${lead(report)}</p>
</header>
<main>
${figures(report)}
${attention(report)}
${pairs.length > 0 && html`<section><h2>Before and after</h2><p class="hint">Drag the edge, or focus a picture and use the arrow keys. Left of the edge is the plate, right of it the output. Faces that were changed most come first.</p><div class="pairs">${pairs}</div></section>`}
${faceTable(report, tracks)}
<section><h2>Shots</h2>${reelTimeline(tracks, pictures)}</section>
<section><h2>Tracks</h2>${trackList(page)}</section>
<section><h2>Network runs</h2>${networkTable(report, tracks.cached)}${report.networks && networkLicenceTable(report.networks)}</section>
${reelFactsSection(report, page.facts)}
${outputSection(report)}
${takeSection(report)}
</main>
<footer><p>Reelmend ${report.version}, ${report.finished}. Numbers for programs: <code>report.json</code> and <code>tracks.json</code> beside this page.</p></footer>`;
  return htmlPage({ name, kind: 'report', sources: 'img-src data:', body });
}

/** Tracks that are shown open. */
const OPEN_TRACKS = 4;
/** Most tracks with curves. In a reel with more tracks, only those that are shown step by step have curves. */
const CURVED_TRACKS = 60;

function trackList({ report, tracks: { tracks }, views }: ReportPage): Html {
  if (tracks.length === 0) return html`<p>No face was found.</p>`;
  const isStepped = (id: string) => (views.get(id)?.sheets.length ?? 0) > 0;
  const stepped = tracks.filter(({ id }) => isStepped(id)).length;
  const restored = tracks.filter(({ id }) => report.faces[id]).length;
  const isCurved = (id: string) => tracks.length <= CURVED_TRACKS || isStepped(id);
  const capped = [
    stepped > 0 &&
      stepped < restored &&
      `Faces are shown step by step for ${stepped} of ${restored} restored tracks, spread over the reel.`,
    tracks.length > CURVED_TRACKS &&
      `Of the ${tracks.length} tracks these alone have curves; report.json has the figures of all.`,
  ].filter((sentence) => sentence !== false);
  return html`${stepped > 0 && zoomChoice('Faces step by step, pixel by pixel:')}${capped.length > 0 && html`<p class="hint">${capped.join(' ')}</p>`}
${tracks.map((track, k) =>
  trackSection({
    track,
    view: isCurved(track.id) ? views.get(track.id) : undefined,
    figures: report.faces[track.id],
    first: report.reel.first,
    open: k < OPEN_TRACKS,
  }),
)}`;
}

function lead({ frames, reel, preset, restorer, finished }: Report): string {
  return `${frames.restored} of ${frames.out} frames restored with “${restorer}”, preset “${preset.name}”; ${reel.width} × ${reel.height}, ${rateText(reel.rate)}, ${reel.samples}. ${finished.slice(0, 16).replace('T', ' ')} UTC.`;
}

function figures({ frames, inference, everyFrame, takes, seconds, peakMemoryMiB }: Report): Html {
  const made = networkRuns(inference);
  const would = everyFrame && everyFrameTotal(everyFrame);
  const total = Object.values(seconds).reduce((sum, s) => sum + s, 0);
  const redone = takes.filter((take) => take.redone).length;
  const tile = (value: string | number, label: string, note: string) =>
    html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`;
  return html`<dl class="figures">
${tile(frames.restored, 'restored', `of ${frames.in} frames`)}
${tile(frames.untouched, 'untouched', 'passed on as they were')}
${tile(frames.isolated.length, 'damaged', frames.isolated.length === 0 ? 'none' : 'see below')}
${tile(made, 'network runs', would ? `${share(1 - made / would)} spared of ${would}` : made === 0 ? 'tracks came from the cache' : '')}
${tile(takes.length, takes.length === 1 ? 'take' : 'takes', `${redone} rendered in this run`)}
${tile(formatSeconds(total), 'time', peakMemoryMiB === null ? '' : `${Math.round(peakMemoryMiB)} MiB at most`)}
</dl>`;
}

function attention({ frames, notes, reel }: Report): Html | false {
  if (frames.isolated.length === 0 && notes.length === 0) return false;
  return html`<section class="attention"><h2>Please note</h2>
${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${
  frames.isolated.length > 0 &&
  html`<h3>Damaged frames; those with a file are passed through as they are</h3>
<div class="scroll"><table><thead><tr><th>Frame</th><th>Name</th><th>Reason</th></tr></thead><tbody>${frames.isolated.map(
    ({ frame, name, reason }) => html`<tr><td>${frame + reel.first}</td><td>${name}</td><td>${reason}</td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}
