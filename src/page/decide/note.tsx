import { NOTE_FIELD } from './decide-keys.ts';
import { decide, note } from './decide-now.ts';

/** A note, said with the next decision or by itself. */
export function Note() {
  return (
    <section aria-label="Note">
      <label class="field">
        <span>Note, kept with the next decision</span>
        <textarea
          id={NOTE_FIELD}
          rows={2}
          maxLength={2000}
          value={note.value}
          onInput={({ currentTarget }) => {
            note.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            // From here the keys of the page work again.
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </label>
      <button type="button" disabled={note.value.trim() === ''} onClick={() => void decide({ what: 'note' })}>
        Keep the note alone
      </button>
    </section>
  );
}
