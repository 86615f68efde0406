import { labelOfFrame } from '../frame-words.ts';
import { chosenTrack, frame, goTo, loop, review } from '../state.ts';
import { arrowStep, dragged } from './dragging.ts';
import type { HalfOpen } from './read-ahead.ts';
import { speed } from './view-state.ts';

/** All frames in a row, with the borders of takes, the loop, the chosen track and the frames that are damaged. A click goes there. */
export function Scrubber() {
  const reel = review.value;
  if (!reel) return null;
  const share = (at: number) => `${(100 * (at - reel.in)) / (reel.out - reel.in)}%`;
  const part = ({ in: from, out }: HalfOpen) => ({
    left: share(from),
    width: `${(100 * (out - from)) / (reel.out - reel.in)}%`,
  });
  const goBy = (clientX: number, place: Element) => {
    const { left, width } = place.getBoundingClientRect();
    speed.value = 0;
    goTo(reel.in + Math.floor(((clientX - left) / width) * (reel.out - reel.in)));
  };
  return (
    <div
      class="scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Frame"
      aria-valuemin={reel.first + reel.in}
      aria-valuemax={reel.first + reel.out - 1}
      aria-valuenow={reel.first + frame.value}
      aria-valuetext={labelOfFrame(reel, frame.value)}
      onKeyDown={(event) => {
        const by = arrowStep(event);
        if (!by) return;
        speed.value = 0;
        goTo(frame.value + by[0] - by[1]);
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={dragged((event) => {
        const place = event.currentTarget as Element;
        goBy(event.clientX, place);
        return (drag) => goBy(drag.event.clientX, place);
      })}
    >
      {reel.takes.map((take) => (
        <span key={take.in} class={take.redone ? 'take redone' : 'take'} style={part(take)} />
      ))}
      {chosenTrack.value && <span class="track" style={part(chosenTrack.value)} />}
      {chosenTrack.value?.leftAlone.map((range) => (
        <span key={range.in} class="alone" style={part(range)} />
      ))}
      {reel.damaged.map(({ frame: at }) => (
        <span key={at} class="broken" style={part({ in: at, out: at + 1 })} />
      ))}
      {loop.value && <span class="loop" style={part(loop.value)} />}
      <span class="head" style={part({ in: frame.value, out: frame.value + 1 })} />
    </div>
  );
}
