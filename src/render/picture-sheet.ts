import type { RgbPicture } from '../face/networks.ts';
import { drawLabel, labelSize } from './lettering.ts';
import { blankPicture, paste } from './rgb-pictures.ts';

/** Pictures of a sheet that belong together, left to right, and a line that tells of them. */
export interface SheetCell {
  readonly pictures: readonly RgbPicture[];
  readonly caption: string;
}

export interface SheetLayout {
  readonly title: string;
  /** Cells in a row. */
  readonly columns: number;
  /** Of letters. */
  readonly scale: number;
}

/** Pixels between cells, and between the pictures of one. */
const GAP = 12;
const SEAM = 2;

/** Lays cells out in rows under a title, on black. The pictures of all cells are as large as the first one's. */
export function drawSheet(cells: readonly SheetCell[], { title, columns, scale }: SheetLayout): RgbPicture {
  const pictures = cells[0]?.pictures ?? [];
  const height = pictures[0]?.height ?? 0;
  const width = pictures.reduce((sum, picture) => sum + picture.width, SEAM * (pictures.length - 1));
  const line = labelSize('', scale).height;
  const across = Math.min(columns, Math.max(1, cells.length));
  const rows = Math.ceil(cells.length / across);
  const sheet = blankPicture(
    Math.max(GAP + across * (width + GAP), 2 * GAP + labelSize(title, scale).width),
    2 * GAP + line + rows * (height + line + GAP),
  );
  drawLabel(sheet, title, { x: GAP, y: GAP, scale });
  for (const [k, cell] of cells.entries()) {
    const left = GAP + (k % across) * (width + GAP);
    const top = 2 * GAP + line + Math.floor(k / across) * (height + line + GAP);
    let x = left;
    for (const picture of cell.pictures) {
      paste(picture, sheet, { x, y: top });
      x += picture.width + SEAM;
    }
    drawLabel(sheet, cell.caption, { x: left - 2 * scale, y: top + height, scale });
  }
  return sheet;
}
