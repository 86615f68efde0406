import type { ViewerAction } from './viewer-actions.ts';

/** Names of keys as they are written on them. */
const WRITTEN: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  'Shift+ArrowLeft': 'Shift ←',
  'Shift+ArrowRight': 'Shift →',
};

/** A button of an action; `sign` is drawn in place of its name. */
export function ActionButton({ action, sign }: { readonly action: ViewerAction; readonly sign?: string }) {
  const { name, does, keys, isOn, run } = action;
  const key = keys[0] ?? '';
  return (
    <button
      type="button"
      class="control"
      aria-label={sign === undefined ? undefined : name}
      aria-pressed={isOn?.()}
      title={`${does} (${WRITTEN[key] ?? key})`}
      onClick={(event) => {
        run();
        // A key that is pressed next is the viewer's, not the button's.
        if (event.detail > 0) event.currentTarget.blur();
      }}
    >
      {sign === undefined ? (
        name
      ) : (
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
          <path d={sign} />
        </svg>
      )}
    </button>
  );
}

/** Signs, drawn in a square of 16. */
export const SIGN = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  last: 'M11 3h2v10h-2zM3 3v10l7-5z',
  tenBack: 'M8 3v10L2 8zM14 3v10L8 8z',
  tenForward: 'M2 3v10l6-5zM8 3v10l6-5z',
  back: 'M10 3v10L4 8zM11 3h2v10h-2z',
  forward: 'M6 3v10l6-5zM3 3h2v10H3z',
  reverse: 'M12 2v12L3 8z',
  play: 'M4 2v12l9-6z',
  pause: 'M4 2h3v12H4zM9 2h3v12H9z',
  stop: 'M3 3h10v10H3z',
} as const;
