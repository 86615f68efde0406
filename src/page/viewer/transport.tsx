import { damageOf, peoplesNumber, timecodeAt } from '../frame-words.ts';
import { frame, review } from '../state.ts';
import { ActionButton, SIGN } from './action-button.tsx';
import { pictureFault, shown, shownRate, speed } from './view-state.ts';
import { ACT } from './viewer-actions.ts';

/** Stepping and playing, and which frame is seen. */
export function Transport() {
  return (
    <div class="transport" role="toolbar" aria-label="Stepping and playing">
      <div class="group">
        <ActionButton action={ACT.first} sign={SIGN.first} />
        <ActionButton action={ACT.tenBack} sign={SIGN.tenBack} />
        <ActionButton action={ACT.back} sign={SIGN.back} />
        <ActionButton action={ACT.reverse} sign={SIGN.reverse} />
        <ActionButton action={ACT.play} sign={speed.value === 0 ? SIGN.play : SIGN.pause} />
        <ActionButton action={ACT.forward} sign={SIGN.forward} />
        <ActionButton action={ACT.tenForward} sign={SIGN.tenForward} />
        <ActionButton action={ACT.last} sign={SIGN.last} />
      </div>
      <FrameNames />
      <div class="group">
        <ActionButton action={ACT.faster} />
        <ActionButton action={ACT.stop} />
      </div>
      <div class="group">
        <ActionButton action={ACT.in} />
        <ActionButton action={ACT.out} />
        <ActionButton action={ACT.clear} />
        <ActionButton action={ACT.loop} />
      </div>
      <div class="group">
        <ActionButton action={ACT.shotBefore} />
        <ActionButton action={ACT.shotAfter} />
        <ActionButton action={ACT.worseFace} />
        <ActionButton action={ACT.betterFace} />
      </div>
    </div>
  );
}

/** Number and timecode of what is seen, or of a frame that cannot be seen; and the rate that is kept. */
function FrameNames() {
  const reel = review.value;
  if (!reel) return null;
  const at = pictureFault.value === null ? (shown.value?.frame ?? frame.value) : frame.value;
  const timecode = timecodeAt(reel, at);
  const rate = reel.rate.num / reel.rate.den;
  return (
    <p class="frame-names">
      <strong>{peoplesNumber(reel, at)}</strong>
      {timecode !== null && <span>{timecode}</span>}
      {damageOf(reel, at) !== null && <span class="damaged">damaged</span>}
      {speed.value !== 0 && (
        <span class="rate">
          {shownRate.value === null ? 'reading ahead …' : `${shownRate.value.toFixed(1)} frames/s`}
          {speed.value === 1 ? ` of ${rounded(rate)}` : ` at × ${speed.value}`}
        </span>
      )}
    </p>
  );
}

function rounded(rate: number): string {
  return String(Math.round(rate * 1000) / 1000);
}
