import { basename } from 'node:path';
import { authorisedUses } from '../authorised-use.ts';
import { formatSeconds } from '../format-seconds.ts';
import { type Html, html } from '../html.ts';
import { htmlPage } from '../html-page.ts';
import { networkLicenceTable } from '../network-licence.ts';
import { wipe } from '../wipe.ts';
import type { Doubt } from './doubt.ts';
import type { PictureFaceRecord, PictureRecord } from './picture-record.ts';
import type { PicturesReport } from './pictures-report.ts';

/** Pictures that a page of all lists: a browser lays such a table out at once. */
export const PICTURES_A_PAGE = 500;
/** Doubtful ones that the first page shows; the pages of all begin with the others. */
const SHOWN = 100;
/** Doubtful ones, and ones that were not reached, of which the first page has a line. */
const LISTED = 500;

/** What the pages are made of. */
export interface PicturesPages {
  readonly report: PicturesReport;
  /** Every picture, the most doubtful first. */
  readonly doubts: readonly (Doubt & { readonly record: PictureRecord })[];
  /** What has a picture's name and cannot be looked at. */
  readonly lost: readonly { readonly name: string; readonly why: string }[];
}

/** The name of the `k`-th page of all pictures, from 0. */
export function pageName(k: number): string {
  return `pictures-${k + 1}.html`;
}

/** The first page: figures, and what is worth a look. */
export function doubtsPage({ report, doubts, lost }: PicturesPages): string {
  const doubtful = doubts.filter(({ weight }) => weight > 0);
  const shown = doubtful.filter(({ record }) => record.faces.some((face) => face.pictures)).slice(0, SHOWN);
  const name = basename(report.folder);
  const body = html`<header>
<p class="brand">Reelmend report</p>
<h1>${name}</h1>
<p class="lead">${lead(report)}</p>
</header>
<main>
${figures(report)}
${report.notes.length > 0 && html`<section class="attention"><h2>Please note</h2><ul>${report.notes.map((note) => html`<li>${note}</li>`)}</ul></section>`}
${lost.length > 0 && html`<section><h2>Not reached</h2>${namesAndReasons(lost.slice(0, LISTED).map(({ name: of, why }) => ({ name: of, reasons: [why] })))}${more(lost.length, '')}</section>`}
${shown.length > 0 && html`<section><h2>Worth a look</h2><p class="hint">Drag the edge, or focus a picture and use the arrow keys. Left of the edge is the picture, right of it the output; faces that were left as they are have no edge. The most doubtful come first.</p><div class="pairs">${shown.flatMap(({ record }) => faceFigures(record))}</div></section>`}
${doubtful.length > 0 && html`<section><h2>In doubt</h2>${namesAndReasons(doubtful.slice(0, LISTED).map(({ record, reasons }) => ({ name: record.name, reasons })))}${more(doubtful.length, ', in the pages of all pictures')}</section>`}
<section><h2>All pictures</h2><p class="hint">The most doubtful first, ${PICTURES_A_PAGE} a page; <code>pictures.jsonl</code> has a line of each for programs.</p>${pageLinks(doubts.length, null)}</section>
${facts(report)}
</main>
${footer(report)}`;
  return page(name, body);
}

/** The `k`-th page of all pictures. */
export function allPage({ report, doubts }: PicturesPages, k: number): string {
  const name = basename(report.folder);
  const from = k * PICTURES_A_PAGE;
  const rows = doubts.slice(from, from + PICTURES_A_PAGE);
  const body = html`<header>
<p class="brand">Reelmend report</p>
<h1>${name}</h1>
<p class="lead">Pictures ${from + 1} to ${from + rows.length} of ${doubts.length}, the most doubtful first. <a href="index.html">Back to the figures</a></p>
</header>
<main>
<section>${pageLinks(doubts.length, k)}
<div class="scroll"><table><thead><tr><th>Picture</th><th>Size</th><th>Outcome</th><th>Faces</th><th>In doubt, since</th></tr></thead><tbody>${rows.map(
    ({ record, reasons }) =>
      html`<tr><th scope="row">${record.name}</th><td>${record.size ? `${record.size.width} × ${record.size.height}, ${record.size.samples}` : '–'}</td><td>${record.outcome}</td><td>${facesText(record.faces)}</td><td>${reasons.join('; ')}</td></tr>`,
  )}</tbody></table></div></section>
</main>
${footer(report)}`;
  return page(`${name}, ${k + 1}`, body);
}

function page(name: string, body: Html): string {
  return htmlPage({ name, kind: 'report', sources: "img-src 'self' file:", body });
}

function lead({ pictures, people, restorer, preset, finished }: PicturesReport): string {
  const whom = people.length > 0 ? `, the faces of ${people.join(', ')}` : ', all faces';
  return `${pictures.restored} of ${pictures.in} pictures restored${whom}, each by itself, with “${restorer}”, preset “${preset.name}”. ${finished.slice(0, 16).replace('T', ' ')} UTC.`;
}

function figures({ pictures, faces, doubtful, done, seconds, peakMemoryMiB }: PicturesReport): Html {
  const total = Object.values(seconds).reduce((sum, s) => sum + s, 0);
  const tile = (value: string | number, label: string, note: string) =>
    html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`;
  return html`<dl class="figures">
${tile(pictures.restored, 'restored', `of ${pictures.in} pictures`)}
${tile(pictures.untouched, 'untouched', 'passed on as they were')}
${tile(pictures.damaged + pictures.lost, 'damaged', pictures.lost > 0 ? `${pictures.lost} could not be read` : 'passed on as they were')}
${tile(faces.restored, 'faces restored', `${faces.refused} left alone, ${faces.unmatched} of nobody given`)}
${tile(doubtful, 'in doubt', 'see below')}
${tile(formatSeconds(total), 'time', `${done} done in this run${peakMemoryMiB === null ? '' : `, ${Math.round(peakMemoryMiB)} MiB at most`}`)}
</dl>`;
}

function namesAndReasons(rows: readonly { readonly name: string; readonly reasons: readonly string[] }[]): Html {
  return html`<div class="scroll"><table><thead><tr><th>Picture</th><th>Why</th></tr></thead><tbody>${rows.map(
    ({ name, reasons }) => html`<tr><th scope="row">${name}</th><td>${reasons.join('; ')}</td></tr>`,
  )}</tbody></table></div>`;
}

/** @param where others than those of the table are to be found; empty where nowhere */
function more(count: number, where: string): Html | false {
  return count > LISTED && html`<p class="hint below">and ${count - LISTED} more${where}.</p>`;
}

function faceFigures({ name, faces }: PictureRecord): Html[] {
  return faces.flatMap((face) => {
    const [before, after] = face.pictures ?? [];
    if (before === undefined) return [];
    const caption = html`<figcaption><b>${name}</b> ${facesText([face])}</figcaption>`;
    if (after === undefined)
      return [html`<figure class="pair"><img src="${before}" alt="A face of ${name}">${caption}</figure>`];
    const [, , width, height] = face.box;
    return [
      html`<figure class="pair">${wipe({ before, after, width: Math.max(1, width), height: Math.max(1, height), alt: name, where: name })}${caption}</figure>`,
    ];
  });
}

function facesText(faces: readonly PictureFaceRecord[]): string {
  return faces
    .map(({ person, similarity, outcome }) => {
      const who = [person, similarity === null ? null : similarity.toFixed(2)].filter((one) => one !== null).join(' ');
      return who === '' ? outcome : `${who}: ${outcome}`;
    })
    .join('; ');
}

function pageLinks(count: number, current: number | null): Html {
  const pages = Array.from({ length: Math.ceil(count / PICTURES_A_PAGE) }, (_, k) => k);
  return html`<p>${pages.map((k) => (k === current ? html`<b>${k + 1}</b> ` : html`<a href="${pageName(k)}">${k + 1}</a> `))}</p>`;
}

function facts({ out, device, runs, perPicture, models, networks, pictures, authorisations }: PicturesReport): Html {
  const each = (seconds: number) => `${((1000 * seconds) / Math.max(1, pictures.in)).toFixed(0)} ms`;
  const lines: readonly (readonly [string, string])[] = [
    ['Output', out],
    ['Device', `${device.name}: ${device.reason}`],
    [
      'Network runs',
      `detector ${runs.detector}, landmarker ${runs.landmarker}, heavy landmarker ${runs.refiner}, recogniser ${runs.recogniser}; faces restored ${runs.restorer}`,
    ],
    [
      'A picture, on the mean',
      `read ${each(perPicture.read)}, networks ${each(perPicture.networks)}, restored ${each(perPicture.restore)}, written ${each(perPicture.write)}; of pictures side by side`,
    ],
    ['Networks', Object.keys(models).join(', ')],
  ];
  return html`<section><h2>The run</h2><dl class="facts">${lines.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>${networks && networkLicenceTable(networks)}${authorisations && authorisedUses(authorisations)}</section>`;
}

function footer({ version, finished }: PicturesReport): Html {
  return html`<footer><p>Reelmend ${version}, ${finished}. Numbers for programs: <code>report.json</code> and <code>pictures.jsonl</code> beside this page.</p></footer>`;
}
