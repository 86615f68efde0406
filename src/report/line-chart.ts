import { clamp } from '../film/interpolate.ts';
import { type Html, html } from './html.ts';

export interface ChartSeries {
  readonly name: string;
  /** Frame numbers as people see them, and values; a null value is a gap. */
  readonly points: readonly (readonly [number, number | null])[];
  /** `line` joins the points, `dots` marks each, `stem` marks and joins them. */
  readonly style: 'line' | 'dots' | 'stem';
}

export interface LineChart {
  readonly title: string;
  readonly unit: string;
  /** First and last frame shown. */
  readonly frames: readonly [number, number];
  readonly series: readonly ChartSeries[];
  /** Smallest extent of the value axis; it grows to hold every point. */
  readonly least?: readonly [number, number];
  /** A level worth a line, such as a threshold. */
  readonly mark?: { readonly value: number; readonly name: string };
  /** Frames that are shaded, first and last as people see them, and why. */
  readonly bands?: readonly { readonly frames: readonly [number, number]; readonly name: string }[];
}

/** Size of a chart and its margins, units of its view box. */
export const CHART_WIDTH = 640;
const WIDTH = CHART_WIDTH;
const HEIGHT = 120;
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;

/** More points than pixels only make the page heavy, so the lowest and highest of each pixel's points are kept. */
const BUCKETS = (WIDTH - LEFT - RIGHT) / 1.5;

/** An SVG of curves over frames, drawn by the page's style sheet. */
export function lineChart(chart: LineChart): Html {
  const [low, high] = extentOf(chart);
  const [first, last] = chart.frames;
  const x = chartScale(chart.frames);
  const y = (value: number) => fixed(HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const { mark } = chart;
  return html`<figure class="chart">
<figcaption>${chart.title} <small>${chart.unit}</small>${legend(chart.series)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${spoken(chart)}">
${chart.bands?.map(({ frames: [from, to], name }) => html`<rect class="band" x="${x(from - 0.5)}" y="${TOP}" width="${fixed(Math.max(2, x(to + 0.5) - x(from - 0.5)))}" height="${HEIGHT - TOP - BOTTOM}"><title>${name}</title></rect>`)}
<path class="grid" d="M${LEFT} ${y(low)}H${WIDTH - RIGHT}M${LEFT} ${y(high)}H${WIDTH - RIGHT}"/>
<text class="axis" x="${LEFT - 6}" y="${y(high) + 4}" text-anchor="end">${label(high, high - low)}</text>
<text class="axis" x="${LEFT - 6}" y="${y(low) + 4}" text-anchor="end">${label(low, high - low)}</text>
<text class="axis" x="${LEFT}" y="${HEIGHT - 5}">${first}</text>
<text class="axis" x="${WIDTH - RIGHT}" y="${HEIGHT - 5}" text-anchor="end">${last}</text>
${mark && html`<path class="mark" d="M${LEFT} ${y(mark.value)}H${WIDTH - RIGHT}"/><text class="axis" x="${WIDTH - RIGHT}" y="${y(mark.value) - 4}" text-anchor="end">${mark.name}</text>`}
${chart.series.map((series, k) => drawn(series, k, x, y))}
</svg></figure>`;
}

/** Where a frame lies from left to right, the same in every chart of the page. */
export function chartScale([first, last]: readonly [number, number]): (frame: number) => number {
  const width = WIDTH - LEFT - RIGHT;
  return (frame) => fixed(LEFT + clamp((frame - first) / Math.max(1, last - first), 0, 1) * width);
}

function drawn(series: ChartSeries, k: number, x: (frame: number) => number, y: (value: number) => number): Html {
  const points = thinned(series.points);
  let path = '';
  let pen = 'M';
  for (const [frame, value] of points) {
    if (value === null) pen = 'M';
    else {
      path += `${pen}${x(frame)} ${y(value)}`;
      pen = 'L';
    }
  }
  const dots = points.map(
    ([frame, value]) => value !== null && html`<circle cx="${x(frame)}" cy="${y(value)}" r="2.5"/>`,
  );
  return html`<g class="series-${k}">${series.style !== 'dots' && html`<path d="${path}"/>`}${series.style !== 'line' && dots}</g>`;
}

function thinned(points: ChartSeries['points']): ChartSeries['points'] {
  const size = Math.ceil(points.length / BUCKETS);
  if (size <= 2) return points;
  const kept: (readonly [number, number | null])[] = [];
  for (let from = 0; from < points.length; from += 2 * size) {
    const bucket = points.slice(from, from + 2 * size).sort((a, b) => (a[1] ?? Infinity) - (b[1] ?? Infinity));
    const extremes = [bucket[0], bucket.findLast(([, value]) => value !== null) ?? bucket.at(-1)];
    kept.push(...extremes.filter((point) => point !== undefined).sort((a, b) => a[0] - b[0]));
  }
  return kept;
}

function extentOf({ series, least, mark }: LineChart): [number, number] {
  const values = series.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  const all = [...values, ...(least ?? []), ...(mark ? [mark.value] : [])];
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low)) return [0, 1];
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

function legend(series: readonly ChartSeries[]): Html | false {
  return (
    series.length > 1 &&
    html`<span class="legend">${series.map(({ name }, k) => html`<span class="series-${k}">${name}</span>`)}</span>`
  );
}

function spoken({ title, frames, series }: LineChart): string {
  const extents = series.map(({ name, points }) => {
    const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
    if (values.length === 0) return `${name}: nothing measured`;
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return `${name} from ${label(low)} to ${label(high)}`;
  });
  return `${title}, frames ${frames[0]} to ${frames[1]}. ${extents.join('; ')}.`;
}

/** @param span range of the chart's values; labels within it must differ */
function label(value: number, span = Infinity): string {
  if (value === 0) return '0';
  if (span < 0.05) return value.toFixed(3);
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}
