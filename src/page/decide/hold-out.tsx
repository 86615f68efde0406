import { useState } from 'preact/hooks';
import type { FrameRange } from '../../film/range.ts';
import type { ReelReview } from '../../review/api.ts';
import { peoplesNumber } from '../frame-words.ts';
import { chosen, chosenTrack, drawnBox, frame, loop, review } from '../state.ts';
import { tellFault } from '../tell.ts';
import { decide } from './decide-now.ts';
import { typedRange } from './setting-value.ts';

/** Frames in which nothing is restored, or nothing within the drawn box. */
export function HoldOut() {
  const reel = review.value;
  const [typed, setTyped] = useState<{ readonly first: string; readonly last: string } | null>(null);
  if (!reel) return null;
  const range = rangeToHold(reel);
  const numberOf = (at: number) => String(peoplesNumber(reel, at));
  const { first, last } = typed ?? { first: numberOf(range.in), last: numberOf(range.out - 1) };
  const box = drawnBox.value;
  const here = numberOf(frame.value);
  const holdOut = async (withBox: boolean) => {
    const held = typedRange(first, last, reel);
    if (typeof held === 'string') return tellFault(held);
    if (!(await decide({ what: 'holdout', ...held, ...(withBox && box ? { box } : {}) }))) return;
    setTyped(null);
    if (withBox) drawnBox.value = null;
  };
  const field = (name: string, value: string, change: (text: string) => void) => (
    <label class="field">
      <span>{name}</span>
      <input
        type="text"
        inputMode="numeric"
        size={7}
        value={value}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
    </label>
  );
  return (
    <section aria-label="Hold out">
      <h3>Hold out</h3>
      <div class="row end">
        {field('First frame', first, (text) => setTyped({ first: text, last }))}
        {field('Last frame', last, (text) => setTyped({ first, last: text }))}
        <button type="button" onClick={() => setTyped({ first: here, last: here })}>
          This frame
        </button>
      </div>
      <div class="row">
        <button type="button" onClick={() => void holdOut(false)}>
          Hold out the frames
        </button>
        <button type="button" disabled={!box} onClick={() => void holdOut(true)}>
          Hold out the box
        </button>
      </div>
      {!box && <p class="quiet">To hold out a box, draw it in the picture.</p>}
    </section>
  );
}

/** The part that is looped, or else what is chosen. */
function rangeToHold(reel: ReelReview): FrameRange {
  const target = chosen.value;
  const shot = target.scope === 'shot' ? reel.shots[target.shot] : undefined;
  const range = loop.value ?? chosenTrack.value ?? shot ?? reel;
  return { in: Math.max(reel.in, range.in), out: Math.min(reel.out, range.out) };
}
