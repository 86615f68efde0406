import type { FaceSheet, SheetKind } from './face-sheet.ts';
import { type Html, html } from './html.ts';

const LAYERS: readonly (readonly [keyof FaceSheet['layers'], string, string])[] = [
  ['plate', 'Plate', 'as it was'],
  ['repaired', 'Repaired', 'from the film’s own frames'],
  ['restored', 'Restored', 'as it was written'],
  ['matte', 'Matte', 'white: changed'],
  ['gate', 'Gate', 'accepted share of the stills’ detail'],
];

/** One face step by step, pixel by pixel; the page's zoom doubles it. */
export function sheetFigure({ kind, frame, value, width, height, layers }: FaceSheet, first: number): Html {
  const number = frame + first;
  const shown = LAYERS.flatMap(([layer, name, note]) => {
    const jpeg = layers[layer];
    return jpeg ? [{ layer, name, note, jpeg }] : [];
  });
  return html`<figure class="sheet" style="--w: ${width}; --h: ${height}"><figcaption><b>${number}</b> ${reason(kind, value)}</figcaption>
<div class="layers" tabindex="0" aria-label="Frame ${number}, step by step">${shown.map(
    ({ layer, name, note, jpeg }) =>
      html`<figure><img src="data:image/jpeg;base64,${jpeg}" width="${width}" height="${height}" alt="Frame ${number}, ${name.toLowerCase()}"><figcaption>${name} <small>${note}</small>${layer === 'gate' && html`<span class="heat" aria-hidden="true"></span>`}</figcaption></figure>`,
  )}</div></figure>`;
}

function reason(kind: SheetKind, value: number | null): string {
  switch (kind) {
    case 'typical':
      return 'the middle of the track';
    case 'changed':
      return `changed most: ${(value ?? 0).toFixed(1)} levels of 255 beyond grain`;
    case 'disagreed':
      return `least agreement: ${Math.round(100 * (value ?? 0))} % of the stills’ detail was accepted`;
  }
}
