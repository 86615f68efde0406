import type { FaceSheet, SheetKind } from './face-sheet.ts';
import { type Html, html } from './html.ts';
import { changedMost, layersFigure } from './layers-figure.ts';

const LAYERS: readonly (readonly [keyof FaceSheet['layers'], string, string])[] = [
  ['plate', 'Plate', 'as it was'],
  ['repaired', 'Repaired', 'from the film’s own frames'],
  ['restored', 'Restored', 'as it was written'],
  ['matte', 'Matte', 'white: changed'],
  ['gate', 'Gate', 'accepted share of the detail that stills or a network offer'],
];

/** One face step by step. */
export function sheetFigure({ kind, frame, value, width, height, layers }: FaceSheet, first: number): Html {
  const shown = LAYERS.flatMap(([layer, name, note]) => {
    const jpeg = layers[layer];
    if (!jpeg) return [];
    const heat = layer === 'gate' && html`<span class="heat" aria-hidden="true"></span>`;
    const caption = html`${name} <small>${note}</small>${heat}`;
    return [{ source: `data:image/jpeg;base64,${jpeg}`, alt: name.toLowerCase(), caption }];
  });
  return layersFigure({
    ...{ frame: frame + first, caption: reason(kind, value), label: 'step by step' },
    ...{ width, height, layers: shown },
  });
}

function reason(kind: SheetKind, value: number | null): string {
  switch (kind) {
    case 'typical':
      return 'the middle of the track';
    case 'changed':
      return changedMost(value ?? 0);
    case 'disagreed':
      return `least agreement: ${Math.round(100 * (value ?? 0))} % of the stills’ detail was accepted`;
  }
}
