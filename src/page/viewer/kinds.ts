import type { PictureKind } from '../../review/api.ts';
import type { Layout } from '../state.ts';

/** The pictures that a layout is made of. */
export function kindsOf(layout: Layout): readonly PictureKind[] {
  return layout === 'wipe' || layout === 'side' ? ['plate', 'output'] : [layout];
}

/** What is played in place of a layout: there are no matte and no difference in playback, and the output stands for both. */
export function playedKindsOf(layout: Layout): readonly ('plate' | 'output')[] {
  if (layout === 'wipe' || layout === 'side') return ['plate', 'output'];
  return [layout === 'plate' ? 'plate' : 'output'];
}

/** A small screen shows one picture: both sides of a line in place of two pictures beside each other. */
export function layoutOn(isSmall: boolean, layout: Layout): Layout {
  return isSmall && layout === 'side' ? 'wipe' : layout;
}

/**
 * The layout that a key leads to which changes between plate and output: the other one of both, and the plate from any other layout.
 */
export function exchanged(layout: Layout): Layout {
  return layout === 'plate' ? 'output' : 'plate';
}
