import { type Html, html } from './html.ts';
import type { Report } from './report.ts';

type Counts = Report['inference'];

const NETWORKS = ['detector', 'landmarker', 'refiner', 'recogniser'] as const;

/** Why networks run, in the order of columns. */
const REASONS = [
  ['sweep', 'new faces'],
  ['loss', 'lost faces'],
  ['identity', 'identity samples'],
  ['follow', 'following'],
  ['backtrack', 'backtracking'],
  ['mirror', 'second looks'],
  ['between', 'disagreement'],
  ['every', 'every frame'],
  ['audit', 'audit'],
] as const;

/** Every run of a network on the reel; the restorer is not one. */
export function networkRuns(counts: Counts): number {
  return NETWORKS.reduce((sum, network) => sum + totalOf(counts, network), 0);
}

/** Runs by network and reason, beside the runs that every network on every frame would make. */
export function networkTable({ inference: counts, everyFrame }: Report, cached: boolean): Html {
  const networks = NETWORKS.filter((network) => counts[network]);
  const used = REASONS.filter(([reason]) => networks.some((network) => runsOf(counts, network, reason) > 0));
  return html`${cached && html`<p>The tracks came from the cache: no network was run on the reel.</p>`}
<div class="scroll"><table class="numbers"><thead><tr><th>Network</th>${used.map(([, label]) => html`<th>${label}</th>`)}<th>made</th>${everyFrame && html`<th>on every frame</th><th>spared</th>`}</tr></thead>
<tbody>${networks.map((network) => {
    const total = totalOf(counts, network);
    const would = everyFrame && (everyFrame[network] ?? 0);
    return html`<tr><th scope="row">${NAMES[network]}</th>${used.map(([reason]) => html`<td>${runsOf(counts, network, reason)}</td>`)}<td class="total">${total}</td>${would !== null && html`<td>${would}</td><td>${would > 0 ? share(1 - total / would) : '–'}</td>`}</tr>`;
  })}
<tr><th scope="row">restorer</th>${used.map(() => html`<td></td>`)}<td class="total">${restorerText(counts.restorer)}</td>${everyFrame && html`<td></td><td></td>`}</tr>
${counts.maskers && html`<tr><th scope="row">maskers</th>${used.map(() => html`<td></td>`)}<td class="total">${counts.maskers.asked}; ${counts.maskers.carried} faces carried</td>${everyFrame && html`<td></td><td></td>`}</tr>`}</tbody></table></div>`;
}

const NAMES = {
  detector: 'detector',
  landmarker: 'landmarker',
  refiner: 'heavy landmarker',
  recogniser: 'recogniser',
} as const;

function runsOf(counts: Counts, network: (typeof NETWORKS)[number], reason: string): number {
  const reasons: Readonly<Record<string, number>> = counts[network] ?? {};
  return reasons[reason] ?? 0;
}

function totalOf(counts: Counts, network: (typeof NETWORKS)[number]): number {
  return Object.values(counts[network] ?? {}).reduce((sum, n) => sum + n, 0);
}

function restorerText({ whole, part, skipped }: Counts['restorer']): string {
  return part + skipped === 0 ? String(whole) : `${whole} and ${part} of a part; ${skipped} faces carried`;
}

/** A share as people read it; what is nearly all does not become all. */
export function share(part: number): string {
  return `${(100 * part).toFixed(part > 0.99 && part < 1 ? 1 : 0).replace('-', '−')} %`;
}
