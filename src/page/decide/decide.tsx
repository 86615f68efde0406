import { figureWords, scoreText } from '../figures.ts';
import { isSmallScreen } from '../small-screen.ts';
import { chosen, chosenTrack, review } from '../state.ts';
import { Cast } from './cast.tsx';
import { Drawn } from './drawn.tsx';
import { Exports } from './exports.tsx';
import { TargetHistory } from './history.tsx';
import { HoldOut } from './hold-out.tsx';
import { Note } from './note.tsx';
import { RedoPanel } from './redo-panel.tsx';
import { ReelSettings } from './reel-settings.tsx';
import { VerdictBar } from './verdict.tsx';

/** All that can be decided on what is chosen, what was, and what becomes of it. */
export function Decide() {
  if (!review.value) return null;
  return (
    <>
      {isSmallScreen.value ? <h2 class="unseen">Decisions</h2> : <VerdictBar />}
      <Note />
      <Figures />
      {chosenTrack.value && <Cast track={chosenTrack.value} />}
      <Drawn />
      <HoldOut key={JSON.stringify(chosen.value)} />
      <ReelSettings />
      <TargetHistory />
      <RedoPanel />
      <Exports />
      <Remarks />
    </>
  );
}

function Figures() {
  const target = chosen.value;
  const badness =
    target.scope === 'shot' ? review.value?.shots[target.shot]?.worst : (chosenTrack.value?.badness ?? null);
  if (!badness) return null;
  return (
    <section aria-label="Figures">
      <h3>
        {target.scope === 'shot' ? 'Worst face' : 'Figures'} <span class="quiet">badness {scoreText(badness)}</span>
      </h3>
      <dl class="figure-table">
        {figureWords(badness).map(({ figure, name, value, meaning, isWorst }) => (
          <div key={figure} class={isWorst ? 'worst' : undefined} title={`${name}: ${meaning}`}>
            <dt>
              {name}
              {isWorst && <span class="unseen">, the worst</span>}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What the report says to people. */
function Remarks() {
  const reel = review.value;
  if (!reel || reel.notes.length + reel.damaged.length === 0) return null;
  return (
    <details>
      <summary>From the report</summary>
      <ul class="remarks">
        {reel.notes.map((one) => (
          <li key={one}>{one}</li>
        ))}
        {reel.damaged.map(({ frame, reason }) => (
          <li key={frame}>
            Frame {reel.first + frame} was passed through: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
