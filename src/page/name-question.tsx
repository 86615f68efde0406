import { useState } from 'preact/hooks';
import { Modal } from './modal.tsx';
import { nameAsked, reviewer } from './reviewer.ts';

/** Asks who reviews, where that is to be known. */
export function NameQuestion() {
  const answer = nameAsked.value;
  const [name, setName] = useState(reviewer.value);
  if (!answer) return null;
  return (
    <Modal title="Who reviews?" onClose={() => answer(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') answer(name.trim());
        }}
      >
        <label class="field">
          <span>Your name</span>
          <input
            type="text"
            required
            maxLength={80}
            autocomplete="name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <p class="quiet">It stands beside your decisions. This browser remembers it.</p>
        <div class="row">
          <button type="submit" class="main">
            Continue
          </button>
          <button type="button" onClick={() => answer(null)}>
            Cancel
          </button>
        </div>
      </form>
    </Modal>
  );
}
