import type { RedoState } from '../../review/api.ts';
import { postCancel, postRedo } from '../ask.ts';
import { counted } from '../frame-words.ts';
import { reviewerName } from '../reviewer.ts';
import { decisions, redo, review } from '../state.ts';
import { tellFault } from '../tell.ts';
import { changesSince } from './decided.ts';
import { endOf } from './said.ts';

/** Has the takes rendered anew that decisions change, and shows how far that is. */
export function RedoPanel() {
  const reel = review.value;
  const list = decisions.value;
  if (!reel || !list) return null;
  const state = redo.value;
  const changes = changesSince(list, state?.through ?? 0);
  const start = async () => {
    const who = await reviewerName();
    if (who === null) return;
    await postRedo(reel.id, who).catch(tellFault);
  };
  return (
    <section aria-label="Redo" class="redo-panel">
      <h3>
        Redo <span class="quiet">{counted(changes, 'decision')} to take in</span>
      </h3>
      {!reel.redo.can ? (
        <p>{reel.redo.why}</p>
      ) : state?.state === 'running' ? (
        <Running state={state} onCancel={() => void postCancel(reel.id).catch(tellFault)} />
      ) : (
        <>
          {state && <p>{endOf(state)}</p>}
          <button type="button" class={changes > 0 ? 'main' : undefined} onClick={() => void start()}>
            Redo the takes that decisions change
          </button>
        </>
      )}
    </section>
  );
}

function Running({ state, onCancel }: { readonly state: RedoState; readonly onCancel: () => void }) {
  const { progress } = state;
  return (
    <>
      <label class="field">
        <span>
          {progress?.stage ?? 'Begins'}
          {progress && progress.total > 0 && (
            <span class="quiet">
              {' '}
              {progress.done} of {progress.total} {progress.unit}
            </span>
          )}
        </span>
        <progress {...(progress && progress.total > 0 ? { value: progress.done, max: progress.total } : {})} />
      </label>
      <button type="button" onClick={onCancel}>
        Cancel the redo
      </button>
    </>
  );
}
