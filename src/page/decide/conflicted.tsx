import { Modal } from '../modal.tsx';
import { decisions, review } from '../state.ts';
import { conflicted, decideAllTheSame } from './decide-now.ts';
import { nameOfTarget, saidBy } from './said.ts';

/** Shows what somebody else decided in the same matter meanwhile, and asks again. */
export function Conflicted() {
  const waiting = conflicted.value;
  const reel = review.value;
  if (!waiting || !reel) return null;
  const { request, since } = waiting;
  const close = () => {
    conflicted.value = null;
  };
  const known = decisions.value?.decisions ?? [];
  return (
    <Modal title={`${nameOfTarget(request.target)} was decided on meanwhile`} onClose={close}>
      <ul class="since">
        {since.map(({ id, who, when, body, note }) => (
          <li key={id}>
            <strong>{who}</strong>:{' '}
            {saidBy(body, reel, body.what === 'undo' ? (known.find((one) => one.id === body.of) ?? null) : null)},{' '}
            <time dateTime={when}>{new Date(when).toLocaleTimeString()}</time>
            {note !== undefined && <p class="note">{note}</p>}
          </li>
        ))}
      </ul>
      <p>Your decision was not kept: {saidBy(request.body, reel)}.</p>
      <div class="row">
        <button type="button" class="main" onClick={() => void decideAllTheSame()}>
          Decide it all the same
        </button>
        <button type="button" onClick={close}>
          Leave it
        </button>
      </div>
    </Modal>
  );
}
