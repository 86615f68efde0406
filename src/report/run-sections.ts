import { parseRational, toNumber } from '../film/rational.ts';
import { authorisedUses } from './authorised-use.ts';
import { followingRows } from './following-rows.ts';
import { formatSeconds } from './format-seconds.ts';
import { type Html, html } from './html.ts';
import type { Report } from './report.ts';

/** What was read and how; `facts` are further lines on the reel. */
export function reelFactsSection(report: Report, facts: readonly (readonly [label: string, value: string])[]): Html {
  const { reel, preset, device, networkDevice, seconds } = report;
  const rows: (readonly [string, string])[] = [
    ['Reel', reel.path],
    ['Picture', `${reel.width} × ${reel.height}, ${reel.samples}`],
    ['Rate', rateText(reel.rate)],
    ['Frames', `${reel.frames}, numbered from ${reel.first}`],
    ...facts,
    ['Preset', `${preset.name} (${preset.hash.slice(0, 12)})`],
    ['Faces rendered on', `${device.name}. ${device.reason}`],
    ...(networkDevice ? [['Networks run on', `${networkDevice.name}. ${networkDevice.reason}`] as const] : []),
    ...Object.entries(seconds).map(([stage, s]) => [`Time, ${stage}`, formatSeconds(s)] as const),
  ];
  rows.push(...followingRows(report));
  return html`<section><h2>Reel and run</h2><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

/** What was written. */
export function outputSection({ outputs: written, beside = [], masters, authorisations = [] }: Report): Html {
  return html`<section><h2>Output</h2><div class="scroll"><table><thead><tr><th>Path</th><th>Frames</th><th>SHA-256</th></tr></thead><tbody>${written.map(
    ({ path, frames, sha256 }) => html`<tr><td>${path}</td><td>${frames}</td><td><code>${sha256}</code></td></tr>`,
  )}</tbody></table></div>${
    beside.length > 0 &&
    html`<dl class="facts">${beside.map(({ kind, folder, alpha }) => html`<div><dt>${alpha ? `${kind}, ${alpha}` : kind}</dt><dd>${folder}</dd></div>`)}</dl>`
  }${
    masters !== undefined &&
    html`<h3>Masters</h3><div class="scroll"><table><thead><tr><th>Preset</th><th>Path</th><th>Worst frame against the output</th></tr></thead><tbody>${[
      ...masters.made.map((made) => [made.preset, made.path, nearness(made)]),
      ...masters.failed.map(({ preset, why }) => [preset, '–', why]),
    ].map(
      ([preset, path, found]) => html`<tr><td>${preset}</td><td>${path}</td><td>${found}</td></tr>`,
    )}</tbody></table></div>`
  }${authorisations.length > 0 && authorisedUses(authorisations)}</section>`;
}

function nearness({ lossless, psnr, ssim }: NonNullable<Report['masters']>['made'][number]): string {
  if (lossless) return 'every sample is the same';
  return `PSNR ${psnr?.least?.toFixed(1) ?? '∞'} dB, SSIM ${ssim?.least?.toFixed(4) ?? '1'}`;
}

/** Every take with its print. */
export function takeSection({ takes: rendered, reel: { first } }: Report): Html {
  return html`<section><h2>Takes</h2><details><summary>${rendered.length} ${rendered.length === 1 ? 'take' : 'takes'}</summary><div class="scroll"><table><thead><tr><th>Shot</th><th>Frames</th><th>Device</th><th>This run</th><th>SHA-256</th></tr></thead><tbody>${rendered.map(
    (take) =>
      html`<tr><td>${take.shot + 1}</td><td>${take.in + first}–${take.out - 1 + first}</td><td>${take.device}</td><td>${take.redone ? 'rendered' : 'kept'}</td><td><code>${take.sha256.slice(0, 16)}…</code></td></tr>`,
  )}</tbody></table></div></details></section>`;
}

/** `24 frames/s`, `23.976 frames/s (24000/1001)`. */
export function rateText(rate: string): string {
  const value = toNumber(parseRational(rate));
  return Number.isInteger(value) ? `${value} frames/s` : `${value.toFixed(3)} frames/s (${rate})`;
}
