/** What a key does. */
export interface KeyAction {
  /** As `KeyboardEvent.key` names it, `Shift+` before it where it is held. */
  readonly keys: readonly string[];
  /** For the list of keys, beginning with a verb. */
  readonly does: string;
  readonly run: () => void;
}

/** Actions of one part of the page, as the list of keys shows them. */
export interface KeyGroup {
  readonly name: string;
  readonly actions: readonly KeyAction[];
}

/** Inputs that take arrows, and no letters. */
const TURNED = /^(?:checkbox|radio|range)$/;

/** True where a key is meant for the element that has the focus: text that is typed, a button that is pressed, a slider that is moved. */
function isElements(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isTurned = target instanceof HTMLInputElement && TURNED.test(target.type);
  if (target.isContentEditable || (/^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isTurned)) return true;
  if (isTurned) return /^(?: |Arrow.*|Home|End|Page.*)$/.test(key);
  return /^(?: |Enter)$/.test(key) && target.closest('a, button, summary') !== null;
}

/** Listens until what it returns is called. Keys held with Ctrl, Alt or Meta are the browser's. */
export function listenToKeys(groups: () => readonly KeyGroup[]): () => void {
  const onKey = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isElements(key, target)) return;
    const named = event.shiftKey && key.length > 1 ? `Shift+${key}` : key;
    const actions = groups().flatMap((group) => group.actions);
    const bound = (name: string) => actions.find(({ keys }) => keys.includes(name));
    // Caps lock makes capitals of letters.
    const action = bound(named) ?? (event.shiftKey || key.length > 1 ? undefined : bound(key.toLowerCase()));
    if (!action) return;
    event.preventDefault();
    action.run();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
