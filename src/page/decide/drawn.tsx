import { peoplesNumber } from '../frame-words.ts';
import { chosenTrack, drawnBox, frame, movedFive, review, tool } from '../state.ts';
import { decide } from './decide-now.ts';

/** What was drawn in the picture, to be decided. */
export function Drawn() {
  const reel = review.value;
  const box = drawnBox.value;
  const five = movedFive.value;
  if (!reel || (!box && !five)) return null;
  const number = peoplesNumber(reel, frame.value);
  const noteBox = async () => {
    if (box && (await decide({ what: 'box', frame: frame.value, box }))) forget();
  };
  const pin = async () => {
    if (five && (await decide({ what: 'pin', frame: frame.value, five }))) forget();
  };
  return (
    <section aria-label="Drawn in the picture">
      <h3>
        Drawn in frame {number}
        {box && (
          <span class="quiet">
            {' '}
            {Math.round(box[2])} × {Math.round(box[3])} at {Math.round(box[0])}, {Math.round(box[1])}
          </span>
        )}
      </h3>
      <div class="row">
        {box && (
          <button type="button" onClick={() => void noteBox()}>
            Keep the box
          </button>
        )}
        {five && chosenTrack.value && (
          <button type="button" onClick={() => void pin()}>
            Place the five points
          </button>
        )}
        <button type="button" onClick={forget}>
          Forget what was drawn
        </button>
      </div>
    </section>
  );
}

/** What was drawn is decided, or not wanted. */
function forget(): void {
  drawnBox.value = null;
  movedFive.value = null;
  tool.value = 'move';
}
