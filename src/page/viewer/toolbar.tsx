import { gain, review } from '../state.ts';
import { ActionButton } from './action-button.tsx';
import { isSmall, layoutNow } from './view-state.ts';
import { ACT, LAYOUTS, TOOLS, ZOOMED } from './viewer-actions.ts';

/** How the picture is shown, and what dragging in it does. */
export function Toolbar() {
  const kinds = review.value?.kinds ?? [];
  const layouts = Object.entries(LAYOUTS).filter(
    ([of]) => (of !== 'matte' || kinds.includes('matte')) && (of !== 'side' || !isSmall.value),
  );
  return (
    <div class="toolbar" role="toolbar" aria-label="How the picture is shown">
      <div class="group">
        {layouts.map(([of, action]) => (
          <ActionButton key={of} action={action} />
        ))}
        <ActionButton action={ACT.exchange} />
      </div>
      {layoutNow.value === 'difference' && (
        <div class="group">
          <ActionButton action={ACT.lessGain} />
          <span class="figure">× {gain.value}</span>
          <ActionButton action={ACT.moreGain} />
        </div>
      )}
      <div class="group">
        {ZOOMED.map((action) => (
          <ActionButton key={action.name} action={action} />
        ))}
        <ActionButton action={ACT.follow} />
      </div>
      <div class="group">
        {TOOLS.map((action) => (
          <ActionButton key={action.name} action={action} />
        ))}
        <ActionButton action={ACT.face} />
      </div>
    </div>
  );
}
