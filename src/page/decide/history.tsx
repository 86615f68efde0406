import { chosen, decisions, review } from '../state.ts';
import { decide } from './decide-now.ts';
import { type HistoryLine, historyOf } from './decided.ts';
import { nameOfTarget, saidBy } from './said.ts';

/** Who decided what on what is chosen, the latest first. */
export function TargetHistory() {
  const list = decisions.value;
  const target = chosen.value;
  if (!list) return null;
  const lines = historyOf(list, target);
  return (
    <section aria-label="History">
      <h3>{target.scope === 'reel' ? 'All decisions' : 'History'}</h3>
      {lines.length === 0 && <p class="quiet">Nothing was decided yet.</p>}
      <ol class="history" reversed>
        {lines.map((line) => (
          <Line key={line.decision.id} line={line} isNamed={target.scope === 'reel'} />
        ))}
      </ol>
    </section>
  );
}

function Line({ line, isNamed }: { readonly line: HistoryLine; readonly isNamed: boolean }) {
  const reel = review.value;
  if (!reel) return null;
  const { decision, isUndone, of } = line;
  const { id, seq, who, when, target, body, note } = decision;
  const said = saidBy(body, reel, of);
  const words = (
    <>
      {isNamed && <span class="quiet">{nameOfTarget(target)}: </span>}
      {said}
      {note !== undefined && <p class="note">{note}</p>}
    </>
  );
  return (
    <li value={seq} class={isUndone ? 'undone' : undefined}>
      <div class="row spread">
        <span class="quiet">
          <strong>{who}</strong> <time dateTime={when}>{new Date(when).toLocaleString()}</time>
          {isUndone && ' undone'}
        </span>
        {!isUndone && (
          <button
            type="button"
            class="plain"
            aria-label={`Undo no. ${seq}, ${said}`}
            onClick={() => void decide({ what: 'undo', of: id }, target)}
          >
            Undo
          </button>
        )}
      </div>
      {isUndone ? <del>{words}</del> : <div>{words}</div>}
    </li>
  );
}
