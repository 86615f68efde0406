import { frame, review } from '../state.ts';
import { Control, SIGN } from './control.tsx';
import { damageOf, numberOf, timecodeOf } from './frame-label.ts';
import { pictureFault, shown, shownRate, speed } from './view-state.ts';
import { ACT } from './viewer-actions.ts';

/** Stepping and playing, and which frame is seen. */
export function Transport() {
  return (
    <div class="transport" role="toolbar" aria-label="Stepping and playing">
      <div class="group">
        <Control action={ACT.first} sign={SIGN.first} />
        <Control action={ACT.tenBack} sign={SIGN.tenBack} />
        <Control action={ACT.back} sign={SIGN.back} />
        <Control action={ACT.reverse} sign={SIGN.reverse} />
        <Control action={ACT.play} sign={speed.value === 0 ? SIGN.play : SIGN.pause} />
        <Control action={ACT.forward} sign={SIGN.forward} />
        <Control action={ACT.tenForward} sign={SIGN.tenForward} />
        <Control action={ACT.last} sign={SIGN.last} />
      </div>
      <FrameNames />
      <div class="group">
        <Control action={ACT.faster} />
        <Control action={ACT.stop} />
      </div>
      <div class="group">
        <Control action={ACT.in} />
        <Control action={ACT.out} />
        <Control action={ACT.clear} />
        <Control action={ACT.loop} />
      </div>
      <div class="group">
        <Control action={ACT.shotBefore} />
        <Control action={ACT.shotAfter} />
        <Control action={ACT.worseFace} />
        <Control action={ACT.betterFace} />
      </div>
    </div>
  );
}

/** Number and timecode of what is seen, or of a frame that cannot be seen; and the rate that is kept. */
function FrameNames() {
  const reel = review.value;
  if (!reel) return null;
  const at = pictureFault.value === null ? (shown.value?.frame ?? frame.value) : frame.value;
  const timecode = timecodeOf(reel, at);
  const rate = reel.rate.num / reel.rate.den;
  return (
    <p class="frame-names">
      <strong>{numberOf(reel, at)}</strong>
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
