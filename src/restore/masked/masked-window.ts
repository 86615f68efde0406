import type { Masking } from '../../settings/masking.ts';
import type { PatchWindow } from '../restorer.ts';

/** What decides where masks come from. */
export type MaskPlan = Pick<Masking, 'every' | 'settling'>;

/** Frames on each side of a frame from which its visibility comes: those that settle its mask, and their anchors. */
export function maskReach({ every, settling }: MaskPlan): number {
  return settling + (every > 1 ? every : 0);
}

/** Neighbours that a masked restorer wants on each side: where restorations are carried, keyframes need their own visibility. */
export function maskedWindow(inner: { readonly window: number; readonly carries: boolean }, plan: MaskPlan): number {
  const own = maskReach(plan);
  return inner.carries ? inner.window + own : Math.max(inner.window, own);
}

/** The first and the last frame of a window. */
export function endsOf({ centre: { frame }, before, after }: PatchWindow): readonly [first: number, last: number] {
  return [frame - before.length, frame + after.length];
}
