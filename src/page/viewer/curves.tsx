import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import './curves.css';
import uPlot from 'uplot';
import type { Curve, ReelReview, TrackCurves } from '../../review/api.ts';
import { askCurves } from '../ask.ts';
import { peoplesNumber } from '../frame-words.ts';
import { chosenTrack, frame, goTo, review, told } from '../state.ts';
import { CURVE_NAMES, curveColumns, isSparse, valuesAt } from './curve-data.ts';
import { speed } from './view-state.ts';

const curves = signal<TrackCurves | null>(null);
/** Height of a plot, CSS pixels. */
const HEIGHT = 96;
/** Frames between two numbers under a plot. */
const INCREMENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** What was measured of the chosen track, under the picture; nothing where no track is chosen. */
export function Curves() {
  const reel = review.value;
  const track = chosenTrack.value;
  const version = reel && track ? `${reel.id} ${reel.version} ${track.id}` : null;
  useEffect(() => {
    if (!reel || !track) return;
    let isWanted = true;
    askCurves(reel.id, track.id).then(
      (answer) => {
        if (isWanted) curves.value = answer;
      },
      (error: Error) => {
        told.value = { sentence: error.message, isFault: true };
      },
    );
    return () => {
      isWanted = false;
      curves.value = null;
    };
  }, [version]);
  const all = curves.value;
  if (!reel || !track || all?.track !== track.id) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and nothing in it takes the focus
    <section class="curves" aria-label={`Curves of ${track.cast ?? track.id}`} tabIndex={0}>
      <p class="legend">
        <span class="plate">plate</span>
        <span class="output">output</span>
        {all.bands.map(({ in: from, out, reason }) => (
          <button type="button" key={`${from} ${reason}`} class="band" onClick={() => goTo(from)}>
            {peoplesNumber(reel, from)}
            {out - from > 1 && `–${peoplesNumber(reel, out - 1)}`} {reason}
          </button>
        ))}
      </p>
      <div class="plots">
        {all.curves.map((curve) => (
          <Plot key={`${version} ${curve.name}`} reel={reel} all={all} curve={curve} />
        ))}
      </div>
    </section>
  );
}

interface PlotProps {
  readonly reel: ReelReview;
  readonly all: TrackCurves;
  readonly curve: Curve;
}

function Plot({ reel, all, curve }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => (place.current ? drawPlot(place.current, { reel, all, curve }) : undefined), [reel, all, curve]);
  return (
    <figure class="plot">
      <figcaption>
        <strong>{CURVE_NAMES[curve.name]}</strong> <span class="value">{valuesAt(curve, frame.value - all.in)}</span>{' '}
        <small>{curve.unit}</small>
      </figcaption>
      <div ref={place} class="lines" />
    </figure>
  );
}

function drawPlot(place: HTMLElement, { reel, all, curve }: PlotProps): () => void {
  const colour = (name: string) => () => colourOf(place, name);
  const axis = { stroke: colour('--quiet'), font: '11px system-ui, sans-serif', ticks: { show: false }, gap: 3 };
  const grid = { stroke: colour('--line'), width: 1 };
  const plot = new uPlot(
    {
      width: Math.max(80, place.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { x: true, y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, low, high) => spread(low, high) } },
      axes: [
        { ...axis, grid: { show: false }, size: 18, space: 60, incrs: INCREMENTS, values: (_, all) => all.map(String) },
        { ...axis, grid, size: 44, space: 20 },
      ],
      series: [
        {},
        ...curve.lines.map(({ of }) => ({
          stroke: colour(of === 'plate' ? '--quiet' : '--accent'),
          width: 1.5,
          points: { show: isSparse(curve), size: 5 },
          spanGaps: isSparse(curve),
        })),
      ],
      hooks: {
        drawClear: [
          (self) => {
            self.ctx.save();
            self.ctx.fillStyle = colourOf(place, '--band');
            for (const { in: from, out } of all.bands) {
              const left = self.valToPos(peoplesNumber(reel, from) - 0.5, 'x', true);
              const right = self.valToPos(peoplesNumber(reel, out) - 0.5, 'x', true);
              const x = Math.max(self.bbox.left, left);
              const width = Math.min(self.bbox.left + self.bbox.width, right) - x;
              self.ctx.fillRect(x, self.bbox.top, Math.max(0, width), self.bbox.height);
            }
            self.ctx.restore();
          },
        ],
      },
    },
    curveColumns(all, curve, reel.first),
    place,
  );
  const line = document.createElement('div');
  line.className = 'now';
  plot.over.append(line);
  const onClick = (event: MouseEvent) => {
    speed.value = 0;
    goTo(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x') - reel.first);
  };
  plot.over.addEventListener('click', onClick);
  const placeLine = () => {
    const isInside = frame.peek() >= all.in && frame.peek() < all.out;
    line.hidden = !isInside;
    line.style.transform = `translateX(${plot.valToPos(peoplesNumber(reel, frame.peek()), 'x')}px)`;
  };
  const end = effect(() => {
    frame.value;
    placeLine();
  });
  const sized = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(80, place.clientWidth), height: HEIGHT });
    placeLine();
  });
  sized.observe(place);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw(false);
  dark.addEventListener('change', redraw);
  const themed = new MutationObserver(redraw);
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    end();
    sized.disconnect();
    themed.disconnect();
    dark.removeEventListener('change', redraw);
    plot.destroy();
  };
}

/** A little room around the values; a flat line lies in the middle. */
function spread(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.01, 1e-6);
  return [low - room, high + room];
}

/** A colour of the page as a canvas understands it: one that depends on light and dark has to be computed. */
function colourOf(place: HTMLElement, name: string): string {
  place.style.color = `var(${name})`;
  const { color } = getComputedStyle(place);
  place.style.color = '';
  return color;
}
