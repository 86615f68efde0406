import { basename } from 'node:path';
import sharp from 'sharp';
import { parseRational, toNumber } from '../film/rational.ts';
import { formatSeconds } from './format-seconds.ts';
import { type Html, html } from './html.ts';
import { reelTimeline } from './reel-timeline.ts';
import type { Report } from './report.ts';
import { REPORT_SCRIPT } from './report-page-script.ts';
import { REPORT_STYLE } from './report-page-style.ts';
import { type TrackView, trackSection } from './track-section.ts';
import type { TracksFile } from './tracks-file.ts';

/** The same part of a frame before and after; pictures of any size, the same for both, as PNG. */
export interface PicturePair {
  /** Counted from 0. */
  readonly frame: number;
  /** What is seen, such as `t1, actor`. */
  readonly caption: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

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
  /** A line each beside the reel's own facts: codec, timecode, sound, colour … */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly shots: readonly ShotPicture[];
  readonly pairs: readonly PicturePair[];
  /** What `tracks` does not hold of a track, by its id. */
  readonly views: ReadonlyMap<string, TrackView>;
}

/** The report as one HTML file: style, script and pictures are inside it, and its policy forbids it any request. */
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
${pairs.length > 0 && html`<section><h2>Before and after</h2><p class="hint">Drag the edge, or focus a picture and use the arrow keys. Left of the edge is the plate, right of it the output.</p><div class="pairs">${pairs}</div></section>`}
<section><h2>Shots and faces</h2>${reelTimeline(tracks, pictures)}</section>
<section><h2>Tracks</h2>${trackList(page)}</section>
${flicker(report)}
<section><h2>Network runs</h2>${inference(page)}</section>
${reel(page)}
${outputs(report)}
${takes(report)}
</main>
<footer><p>Reelmend ${report.version}, ${report.finished}. Numbers for programs: <code>report.json</code> and <code>tracks.json</code> beside this page.</p></footer>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="dark light">
<title>${html`${name}`.markup} – Reelmend report</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
${body.markup}
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

/** Tracks that are open when the page is. */
const OPEN_TRACKS = 4;
/** Tracks whose curves a page can hold; of a reel with more only those that are shown step by step have any. */
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
  return html`${stepped > 0 && zoomChoice()}${capped.length > 0 && html`<p class="hint">${capped.join(' ')}</p>`}
${tracks.map((track, k) => trackSection(track, isCurved(track.id) ? views.get(track.id) : undefined, report.faces[track.id], report.reel.first, k < OPEN_TRACKS))}`;
}

function zoomChoice(): Html {
  return html`<fieldset class="zoom"><span>Faces step by step, pixel by pixel:</span>
<label><input type="radio" name="zoom" id="zoom-1" aria-label="One pixel a pixel" checked>1 : 1</label>
<label><input type="radio" name="zoom" id="zoom-2" aria-label="Four pixels a pixel">2 : 1</label></fieldset>`;
}

/** JPEG without chroma subsampling: a tenth of the PNG, and still good to judge a face by. */
async function embedded(png: Uint8Array): Promise<string> {
  const jpeg = await sharp(png).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

async function pairFigure(pair: PicturePair, first: number): Promise<Html> {
  const [before, after, { width, height }] = await Promise.all([
    embedded(pair.before),
    embedded(pair.after),
    sharp(pair.before).metadata(),
  ]);
  const frame = pair.frame + first;
  return html`<figure class="pair">
<div class="wipe" style="--edge: 50%; aspect-ratio: ${width} / ${height}">
<img src="${before}" alt="Frame ${frame}, ${pair.caption}, before">
<img class="after" src="${after}" alt="Frame ${frame}, ${pair.caption}, after">
<input type="range" min="0" max="100" value="50" step="1" aria-label="Edge between before and after, frame ${frame}">
</div>
<figcaption><b>${frame}</b> ${pair.caption}</figcaption>
</figure>`;
}

function lead({ frames, reel, preset, restorer, finished }: Report): string {
  return `${frames.restored} of ${frames.out} frames restored with “${restorer}”, preset “${preset.name}”; ${reel.width} × ${reel.height}, ${rateText(reel.rate)}, ${reel.samples}. ${finished.slice(0, 16).replace('T', ' ')} UTC.`;
}

/** `24 frames/s`, `23.976 frames/s (24000/1001)`. */
function rateText(rate: string): string {
  const value = toNumber(parseRational(rate));
  return Number.isInteger(value) ? `${value} frames/s` : `${value.toFixed(3)} frames/s (${rate})`;
}

function figures({ frames, inference, everyFrame, takes, seconds, peakMemoryMiB }: Report): Html {
  const made = runs(inference);
  const would = everyFrame ? everyFrame.detector + everyFrame.landmarker + everyFrame.recogniser : null;
  const total = Object.values(seconds).reduce((sum, s) => sum + s, 0);
  const redone = takes.filter((take) => take.redone).length;
  const tile = (value: string | number, label: string, note: string) =>
    html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`;
  return html`<dl class="figures">
${tile(frames.restored, 'restored', `of ${frames.out} frames`)}
${tile(frames.untouched, 'untouched', 'passed on as they were')}
${tile(frames.isolated.length, 'damaged', frames.isolated.length === 0 ? 'none' : 'passed through, see below')}
${tile(made, 'network runs', would ? `${share(1 - made / would)} spared of ${would}` : made === 0 ? 'tracks came from the cache' : '')}
${tile(takes.length, takes.length === 1 ? 'take' : 'takes', `${redone} rendered in this run`)}
${tile(formatSeconds(total), 'time', peakMemoryMiB === null ? '' : `${Math.round(peakMemoryMiB)} MiB at most`)}
</dl>`;
}

/** Every run of a network; the restorer is not one. */
function runs({ detector, landmarker, recogniser }: Report['inference']): number {
  return [detector, landmarker, recogniser]
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, count) => sum + count, 0);
}

function share(part: number): string {
  return `${(100 * part).toFixed(part > 0.99 && part < 1 ? 1 : 0)} %`;
}

function attention({ frames, notes, reel }: Report): Html | false {
  if (frames.isolated.length === 0 && notes.length === 0) return false;
  return html`<section class="attention"><h2>Please note</h2>
${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${
  frames.isolated.length > 0 &&
  html`<h3>Damaged frames, passed through as they are</h3>
<div class="scroll"><table><thead><tr><th>Frame</th><th>Name</th><th>Reason</th></tr></thead><tbody>${frames.isolated.map(
    ({ frame, name, reason }) => html`<tr><td>${frame + reel.first}</td><td>${name}</td><td>${reason}</td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}

/** Every metric of every track, by the names that `report.json` gives them. */
function flicker({ flicker: tracks }: Report): Html | false {
  const metrics = [...new Set(Object.values(tracks).flatMap((measured) => Object.keys(measured)))];
  if (metrics.length === 0) return false;
  return html`<section><h2>Flicker of the faces</h2><div class="scroll"><table class="numbers"><thead><tr><th>Track</th>${metrics.map((metric) => html`<th>${metric}</th>`)}</tr></thead><tbody>${Object.entries(
    tracks,
  ).map(
    ([track, measured]) =>
      html`<tr><th scope="row">${track}</th>${metrics.map((metric) => html`<td>${measured[metric]?.toFixed(2) ?? '–'}</td>`)}</tr>`,
  )}</tbody></table></div></section>`;
}

const NETWORKS = ['detector', 'landmarker', 'recogniser'] as const;

const REASONS = [
  ['sweep', 'new faces'],
  ['loss', 'lost faces'],
  ['anchor', 'anchors'],
  ['follow', 'following'],
  ['lookBack', 'looking back'],
  ['every', 'every frame'],
  ['audit', 'audit'],
] as const;

function inference({ report, tracks }: ReportPage): Html {
  const { inference: counts, everyFrame } = report;
  const used = REASONS.filter(([reason]) => NETWORKS.some((network) => counts[network][reason] > 0));
  const total = (network: (typeof NETWORKS)[number]) => Object.values(counts[network]).reduce((sum, n) => sum + n, 0);
  return html`${tracks.cached && html`<p>The tracks came from the cache: no network was run on the reel.</p>`}
<div class="scroll"><table class="numbers"><thead><tr><th>Network</th>${used.map(([, label]) => html`<th>${label}</th>`)}<th>made</th>${everyFrame && html`<th>on every frame</th><th>spared</th>`}</tr></thead>
<tbody>${NETWORKS.map((network) => {
    const would = everyFrame?.[network];
    return html`<tr><th scope="row">${network}</th>${used.map(([reason]) => html`<td>${counts[network][reason]}</td>`)}<td class="total">${total(network)}</td>${would !== undefined && html`<td>${would}</td><td>${would > 0 ? share(1 - total(network) / would) : '–'}</td>`}</tr>`;
  })}
<tr><th scope="row">restorer</th>${used.map(() => html`<td></td>`)}<td class="total">${restorerText(counts.restorer)}</td>${everyFrame && html`<td></td><td></td>`}</tr></tbody></table></div>`;
}

function restorerText({ whole, part, skipped }: Report['inference']['restorer']): string {
  return part + skipped === 0 ? String(whole) : `${whole} and ${part} of a part; ${skipped} faces carried`;
}

function reel({ report, facts }: ReportPage): Html {
  const { reel: r, preset, seconds, audit } = report;
  const rows: (readonly [string, string])[] = [
    ['Reel', r.path],
    ['Picture', `${r.width} × ${r.height}, ${r.samples}`],
    ['Rate', rateText(r.rate)],
    ['Frames', `${r.frames}, numbered from ${r.first}`],
    ...facts,
    ['Preset', `${preset.name} (${preset.hash.slice(0, 12)})`],
    ...Object.entries(seconds).map(([stage, s]) => [`Time, ${stage}`, formatSeconds(s)] as const),
  ];
  if (audit) {
    rows.push([
      'Audit',
      `${audit.sampled} frames: ${audit.rmsIod.toFixed(2)} % RMS, ${audit.p99Iod.toFixed(2)} % at the 99th percentile, of the distance between the eyes`,
    ]);
  }
  return html`<section><h2>Reel and run</h2><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function outputs({ outputs: written }: Report): Html {
  return html`<section><h2>Output</h2><div class="scroll"><table><thead><tr><th>Path</th><th>Frames</th><th>SHA-256</th></tr></thead><tbody>${written.map(
    ({ path, frames, sha256 }) => html`<tr><td>${path}</td><td>${frames}</td><td><code>${sha256}</code></td></tr>`,
  )}</tbody></table></div></section>`;
}

function takes({ takes: rendered, reel: { first } }: Report): Html {
  return html`<section><h2>Takes</h2><details><summary>${rendered.length} ${rendered.length === 1 ? 'take' : 'takes'}</summary><div class="scroll"><table><thead><tr><th>Shot</th><th>Frames</th><th>Device</th><th>This run</th><th>SHA-256</th></tr></thead><tbody>${rendered.map(
    (take) =>
      html`<tr><td>${take.shot + 1}</td><td>${take.in + first}–${take.out - 1 + first}</td><td>${take.device}</td><td>${take.redone ? 'rendered' : 'kept'}</td><td><code>${take.sha256.slice(0, 16)}…</code></td></tr>`,
  )}</tbody></table></div></details></section>`;
}
