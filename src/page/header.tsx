import { keysShown } from './key-list.tsx';
import { askName, reviewer } from './reviewer.ts';
import { review, told } from './state.ts';
import { THEMES, theme } from './theme.ts';

/** The top of the page: where one is, what was just said, and what holds for all of it. */
export function Header() {
  return (
    <header class="top">
      <nav aria-label="Home">
        <a href="#/">Reels</a>
      </nav>
      <h1>{review.value?.name ?? 'Review'}</h1>
      <Told />
      <button type="button" class="plain" onClick={() => void askName()}>
        {reviewer.value === '' ? 'Who reviews?' : `Reviewer: ${reviewer.value}`}
      </button>
      <label class="theme">
        <span class="unseen">Theme</span>
        <select
          value={theme.value}
          onChange={({ currentTarget }) => {
            theme.value = THEMES.find((one) => one === currentTarget.value) ?? 'system';
          }}
        >
          <option value="system">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <button
        type="button"
        class="plain"
        aria-keyshortcuts="?"
        onClick={() => {
          keysShown.value = true;
        }}
      >
        Keys
      </button>
    </header>
  );
}

/** The last sentence; a fault interrupts what a screen reader reads. */
function Told() {
  const said = told.value;
  const [status, fault] = said?.isFault ? ['', said.sentence] : [said?.sentence ?? '', ''];
  return (
    <div class="told">
      <p role="status">{status}</p>
      <p role="alert">{fault}</p>
    </div>
  );
}
