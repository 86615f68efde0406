import { type Html, html } from './html.ts';
import { htmlPage } from './html-page.ts';
import { changedMost, layersFigure, zoomChoice } from './layers-figure.ts';
import { PREVIEW_SCRIPT } from './preview-page-script.ts';
import { PREVIEW_STYLE } from './preview-page-style.ts';
import { wipe, wipeEdge, wipeShape } from './wipe.ts';

/** The same part of a frame, as files beside the page. */
export interface PreviewPair {
  /** As people call it: its number, and its timecode where it has one. */
  readonly frame: string;
  readonly width: number;
  readonly height: number;
  readonly before: string;
  /** What became of it in each version, by the version's name. */
  readonly after: readonly { readonly name: string; readonly file: string }[];
}

/** A face by itself, before and after. */
export interface PreviewFace {
  readonly track: string;
  readonly person: string | null;
  /** In the reel's own numbering. */
  readonly frame: number;
  /** Because it was changed most, or lies in the middle. */
  readonly why: 'changed' | 'middle';
  /** 8-bit levels; see `FaceMeasure.change`. */
  readonly change: number;
  /** Of the part that is shown, plate pixels. */
  readonly width: number;
  readonly height: number;
  /** By picture pixels a plate pixel. */
  readonly files: Readonly<Record<1 | 2, { readonly before: string; readonly after: string }>>;
}

/** A sheet of a shot's faces. */
export interface PreviewSheet {
  /** Counted from 1. */
  readonly shot: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Faces on it, of so many. */
  readonly shown: number;
  readonly of: number;
}

/** Both clips. */
export interface PreviewMotion {
  readonly wipe: string;
  readonly sideBySide: string;
  /** Of one half of the second. */
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
}

/** A way of restoring that is compared with others. */
export interface PreviewWay {
  readonly name: string;
  /** What restores the whole reel in this way, as it is typed into a shell. */
  readonly command: string;
}

export interface PreviewPage {
  /** The reel's name. */
  readonly title: string;
  /** Which frames are shown, and how they are restored: sentences. */
  readonly said: string;
  readonly how: string;
  /** True while pictures are still to come. */
  readonly running: boolean;
  readonly pairs: readonly PreviewPair[];
  readonly clips: PreviewMotion | null;
  /** All versions in motion, and in some frames. */
  readonly grid: { readonly clip: string | null; readonly sheet: string } | null;
  readonly faces: readonly PreviewFace[];
  readonly sheets: readonly PreviewSheet[];
  /** One where nothing is compared. */
  readonly ways: readonly PreviewWay[];
  readonly notes: readonly string[];
  readonly version: string;
}

/** A preview as one HTML file: style and script are inside it, pictures and clips beside it, and its policy forbids any other request. */
export function renderPreviewPage(page: PreviewPage): string {
  const { title, said, how, running, notes } = page;
  const body = html`<header>
<p class="brand">Reelmend preview</p>
<h1>${title}</h1>
<p class="lead">${said} ${how}</p>
${running && html`<p class="running" role="status">Pictures are still being made; this page shows them as they come.</p>`}
</header>
<main>
${notes.length > 0 && html`<section class="attention"><h2>Please note</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`}
${pairSection(page)}
${clipSection(page)}
${gridSection(page)}
${faceSection(page)}
${sheetSection(page)}
${waySection(page)}
</main>
<footer><p>Reelmend ${page.version}. Clips are made to be looked at: 8 bits, at most 1920 pixels wide. What is judged pixel by pixel is in the PNG files.</p></footer>`;
  return htmlPage({
    ...{ name: title, kind: 'preview', sources: "img-src 'self' file:; media-src 'self' file:", body },
    ...{ style: PREVIEW_STYLE, script: PREVIEW_SCRIPT },
    // Where no script may run, the page asks the browser for it.
    head: running && html`<noscript><meta http-equiv="refresh" content="3"></noscript>\n`,
  });
}

function pairSection({ pairs }: PreviewPage): Html | false {
  if (pairs.length === 0) return false;
  return html`<section><h2>Before and after</h2>
<p class="hint">Drag the edge, or focus a picture and use the arrow keys. Left of the edge is the plate, right of it what it becomes.</p>
<div class="stills">${pairs.map(pairFigure)}</div></section>`;
}

function pairFigure({ frame, width, height, before, after }: PreviewPair): Html {
  const [first] = after;
  if (!first) return html``;
  return html`<figure class="pair">
${wipe({ before, after: first.file, width, height, alt: `Frame ${frame}`, where: `frame ${frame}` })}
<figcaption><b>${frame}</b> ${after.length === 1 ? html`<a href="${before}">before</a> <a href="${first.file}">after</a>` : choices(before, after)}</figcaption>
</figure>`;
}

/** Which of the versions stands left of the edge, and which right of it. */
function choices(before: string, after: PreviewPair['after']): Html {
  const versions = [{ name: 'before', file: before }, ...after];
  const choice = (side: 'left' | 'right', chosen: number) =>
    html`<label>${side} <select data-side="${side}">${versions.map(({ name, file }, k) => html`<option value="${file}"${k === chosen ? { markup: ' selected' } : ''}>${name}</option>`)}</select></label>`;
  return html`${choice('left', 0)} ${choice('right', 1)}`;
}

function clipSection({ clips }: PreviewPage): Html | false {
  if (!clips) return false;
  const { wipe, sideBySide, width, height, rate } = clips;
  return html`<section><h2>In motion</h2>
<p class="hint">Drag the edge while it plays. Files: <a href="${wipe}">${wipe}</a>, <a href="${sideBySide}">${sideBySide}</a>.</p>
<div class="clip wipe" data-rate="${rate}" ${wipeShape(width, height)}>
<canvas width="${width}" height="${height}" aria-hidden="true"></canvas>
<video src="${sideBySide}" muted loop playsinline controls preload="auto"></video>
${wipeEdge('in motion')}
</div>
<p class="below"><button type="button" class="play">Pause</button> <button type="button" class="step" data-by="-1">◀ frame</button> <button type="button" class="step" data-by="1">frame ▶</button></p></section>`;
}

function gridSection({ grid }: PreviewPage): Html | false {
  if (!grid) return false;
  return html`<section><h2>Side by side</h2>
${grid.clip !== null && html`<video class="grid-clip" src="${grid.clip}" muted loop autoplay playsinline controls></video><p class="hint below"><a href="${grid.clip}">${grid.clip}</a></p>`}
<a href="${grid.sheet}"><img class="sheet-picture" src="${grid.sheet}" alt="Some frames in every version"></a></section>`;
}

function faceSection({ faces }: PreviewPage): Html | false {
  if (faces.length === 0) return false;
  return html`<section><h2>Faces, pixel by pixel</h2>
${zoomChoice('Plate pixels:')}
<div class="faces">${faces.map(faceFigure)}</div></section>`;
}

function faceFigure({ track, person, frame, why, change, width, height, files }: PreviewFace): Html {
  const who = person ? `${track}, ${person}` : track;
  const reason = why === 'changed' ? changedMost(change) : 'in the middle';
  return layersFigure({
    ...{ frame, caption: `${who}; ${reason}`, label: `${who}, before and after`, width, height },
    layers: (['before', 'after'] as const).map((which) => ({
      source: files[1][which],
      alt: `${who}, ${which}`,
      caption: html`${which} <small><a href="${files[1][which]}">1 : 1</a>, <a href="${files[2][which]}">2 : 1, bicubic</a></small>`,
    })),
  });
}

function sheetSection({ sheets }: PreviewPage): Html | false {
  if (sheets.length === 0) return false;
  return html`<section><h2>Contact sheets</h2>
<p class="hint">Those that were changed most come first: the number is levels of 255 beyond grain; “gate” is the share of the stills’ detail that was accepted.</p>
${sheets.map(
  ({ shot, name, width, height, shown, of }) =>
    html`<figure><a href="${name}"><img class="sheet-picture" src="${name}" width="${width}" height="${height}" alt="Faces of shot ${shot}"></a><figcaption><b>Shot ${shot}</b> ${shown === of ? `${of} ${of === 1 ? 'face' : 'faces'}` : `${shown} of ${of} faces`}</figcaption></figure>`,
)}</section>`;
}

function waySection({ ways }: PreviewPage): Html | false {
  if (ways.length === 0) return false;
  return html`<section><h2>${ways.length === 1 ? 'Restore the reel like this' : 'Restore the reel like one of them'}</h2>
${ways.map(
  ({ name, command }) =>
    html`${ways.length > 1 && html`<h3>${name}</h3>`}<pre class="command" tabindex="0">${command}</pre>`,
)}</section>`;
}
