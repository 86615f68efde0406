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

/** True where a key is text that is typed. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens until what it returns is called. Keys held with Ctrl, Alt or Meta are the browser's. */
export function listenToKeys(groups: () => readonly KeyGroup[]): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const named = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const action = groups()
      .flatMap(({ actions }) => actions)
      .find(({ keys }) => keys.includes(named));
    if (!action) return;
    event.preventDefault();
    action.run();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
