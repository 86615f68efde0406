/** Where a drag is: the event, and CSS pixels from where it began. */
export interface Drag {
  readonly event: PointerEvent;
  readonly dx: number;
  readonly dy: number;
}

/**
 * Handles a pointer that goes down by telling of its way until it goes up: by mouse, pen or finger. `begin` returns what is told of each
 * step, or null where nothing is dragged.
 */
export function dragged(begin: (event: PointerEvent) => ((drag: Drag) => void) | null) {
  return (event: PointerEvent): void => {
    const target = event.currentTarget;
    if (event.button !== 0 || !(target instanceof Element)) return;
    const step = begin(event);
    if (!step) return;
    event.stopPropagation();
    target.setPointerCapture(event.pointerId);
    const onMove = (moved: Event) => {
      if (!(moved instanceof PointerEvent) || moved.pointerId !== event.pointerId) return;
      step({ event: moved, dx: moved.clientX - event.clientX, dy: moved.clientY - event.clientY });
    };
    const onEnd = () => {
      target.removeEventListener('pointermove', onMove);
      for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) target.removeEventListener(name, onEnd);
    };
    target.addEventListener('pointermove', onMove);
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) target.addEventListener(name, onEnd);
  };
}

/** How far arrow keys move something: one, or ten with Shift; null for another key. */
export function arrowStep({ key, shiftKey }: KeyboardEvent): readonly [dx: number, dy: number] | null {
  const by = shiftKey ? 10 : 1;
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-by, 0],
    ArrowRight: [by, 0],
    ArrowUp: [0, -by],
    ArrowDown: [0, by],
  };
  return steps[key] ?? null;
}
