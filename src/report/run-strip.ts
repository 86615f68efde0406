import type { FrameDecision } from '../carry/track/frame-decision.ts';
import type { FrameRange } from '../film/range.ts';
import { rangesOf } from './frame-ranges.ts';
import { type Html, html } from './html.ts';
import { CHART_WIDTH, chartScale } from './line-chart.ts';

export interface RunStrip {
  /** First frame of the track, counted from 0, and what people call frame 0. */
  readonly in: number;
  readonly first: number;
  /** One a frame. */
  readonly decisions: readonly FrameDecision[];
  /** Frames, counted from 0. */
  readonly identitySamples: readonly number[];
  readonly audits: readonly number[];
}

/** Height of a row and of its bars, units of the view box. */
const ROW = 16;
const BAR = 9;

/** Frames in which each network ran on a track's face, a row a network, to the scale of the curves below it. */
export function runStrip({ in: start, first, decisions, identitySamples, audits }: RunStrip): Html {
  const framesWhere = (is: (decision: FrameDecision) => boolean) =>
    decisions.flatMap((decision, k) => (is(decision) ? [start + k] : []));
  const ran = framesWhere(({ landmarker }) => landmarker !== 'skip' && landmarker !== 'missing');
  const refined = framesWhere(({ refiner }) => refiner !== null);
  const missing = framesWhere(({ landmarker }) => landmarker === 'missing');
  const rows = [
    { name: 'who', label: 'the recogniser ran', frames: identitySamples },
    { name: 'shape', label: 'the landmark network ran', frames: ran },
    ...(refined.length > 0 ? [{ name: 'heavy', label: 'the heavy landmark network ran', frames: refined }] : []),
    ...(audits.length > 0 ? [{ name: 'audit', label: 'a skipped run was made all the same', frames: audits }] : []),
    ...(missing.length > 0 ? [{ name: 'lost', label: 'the frame cannot be read', frames: missing }] : []),
  ];
  const share = decisions.length > 0 ? Math.round((100 * ran.length) / decisions.length) : 0;
  const x = chartScale([start + first, start + decisions.length - 1 + first]);
  const bar = ({ in: from, out }: FrameRange) => {
    const left = x(from - 0.5 + first);
    return `M${left} 0h${Math.max(1.5, Math.round(10 * (x(out - 0.5 + first) - left)) / 10)}v${BAR}H${left}z`;
  };
  const drawn = rows.map(
    ({ name, label, frames }, k) =>
      html`<g transform="translate(0 ${k * ROW})"><title>${label}: ${frames.length} frames</title><text class="axis" x="38" y="${BAR}" text-anchor="end">${name}</text><path class="track-line" d="M44 ${BAR}H${CHART_WIDTH - 8}"/><path class="runs" d="${rangesOf(frames).map(bar).join('')}"/></g>`,
  );
  return html`<figure class="chart strip-chart">
<figcaption>When the networks ran <small>landmarks in ${share} % of the frames, identity in ${identitySamples.length}</small></figcaption>
<svg viewBox="0 0 ${CHART_WIDTH} ${rows.length * ROW}" role="img" aria-label="${rows.map(({ label, frames }) => `${label} in ${frames.length} of ${decisions.length} frames`).join('; ')}">${drawn}</svg></figure>`;
}
