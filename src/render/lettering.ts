import type { RgbPicture } from '../face/networks.ts';

/** Columns and rows of a letter; one column is left between two. */
const [COLUMNS, ROWS] = [5, 7];

/**
 * Letters of five by seven dots, a row two hexadecimal digits, the highest of five bits the left one. They are part of the program,
 * since a machine that renders may have no fonts.
 */
const LETTERS: Readonly<Record<string, string>> = {
  A: '0E11111F111111',
  B: '1E11111E11111E',
  C: '0E11101010110E',
  D: '1E11111111111E',
  E: '1F10101E10101F',
  F: '1F10101E101010',
  G: '0E11101711110F',
  H: '1111111F111111',
  I: '0E04040404040E',
  J: '0702020202120C',
  K: '11121418141211',
  L: '1010101010101F',
  M: '111B1515111111',
  N: '11191513111111',
  O: '0E11111111110E',
  P: '1E11111E101010',
  Q: '0E11111115120D',
  R: '1E11111E141211',
  S: '0F10100E01011E',
  T: '1F040404040404',
  U: '1111111111110E',
  V: '11111111110A04',
  W: '11111115151B11',
  X: '11110A040A1111',
  Y: '11110A04040404',
  Z: '1F01020408101F',
  '0': '0E11131519110E',
  '1': '040C040404040E',
  '2': '0E11010204081F',
  '3': '1F02040201110E',
  '4': '02060A121F0202',
  '5': '1F101E0101110E',
  '6': '0608101E11110E',
  '7': '1F010204080808',
  '8': '0E11110E11110E',
  '9': '0E11110F01020C',
  ' ': '00000000000000',
  '.': '00000000000C0C',
  ',': '00000000040408',
  ':': '000C0C000C0C00',
  ';': '000C0C000C0408',
  '-': '0000001F000000',
  '–': '0000001F000000',
  '+': '0004041F040400',
  '=': '00001F001F0000',
  '/': '00010204081000',
  _: '0000000000001F',
  '(': '02040808080402',
  ')': '08040202020408',
  '%': '18190204081303',
  '×': '00110A040A1100',
  '?': '0E110102040004',
  '!': '04040404040004',
  '#': '0A0A1F0A1F0A0A',
  '&': '0C12140815120D',
  "'": '04040800000000',
  '"': '0A0A0A00000000',
};

/** Width and height of a line of text, pixels. */
export function textSize(text: string, scale: number): { readonly width: number; readonly height: number } {
  return { width: (lettersOf(text).length * (COLUMNS + 1) - 1) * scale, height: ROWS * scale };
}

/** The scale of letters that can be read in a picture of this height, and are small in it. */
export function letterScale(height: number): number {
  return Math.max(1, Math.round(height / 300));
}

/** How much darker a label's ground is than the picture. */
const GROUND = 0.35;

/**
 * Writes a line in white capitals on a darkened ground whose corner is at `x`, `y`; what reaches beyond the picture is cut off. Letters
 * that are not known are question marks, accents are left out.
 */
export function drawLabel(
  picture: RgbPicture,
  text: string,
  place: { readonly x: number; readonly y: number; readonly scale: number },
): void {
  const { x, y, scale } = place;
  const { width, height } = labelSize(text, scale);
  const { rgb } = picture;
  eachPixel(picture, { x, y, width, height }, (at) => {
    for (let c = 0; c < 3; c++) rgb[at + c] = GROUND * (rgb[at + c] as number);
  });
  for (const [k, letter] of lettersOf(text).entries()) {
    const dots = LETTERS[letter] ?? (LETTERS['?'] as string);
    for (let row = 0; row < ROWS; row++) {
      const bits = Number.parseInt(dots.slice(2 * row, 2 * row + 2), 16);
      for (let column = 0; column < COLUMNS; column++) {
        if (!((bits >> (COLUMNS - 1 - column)) & 1)) continue;
        const dot = {
          x: x + (PADDING + k * (COLUMNS + 1) + column) * scale,
          y: y + (PADDING + row) * scale,
          width: scale,
          height: scale,
        };
        eachPixel(picture, dot, (at) => rgb.fill(255, at, at + 3));
      }
    }
  }
}

/** Dots around a label's text. */
const PADDING = 2;

/** Width and height of a label, pixels. */
export function labelSize(text: string, scale: number): { readonly width: number; readonly height: number } {
  const { width, height } = textSize(text, scale);
  return { width: width + 2 * PADDING * scale, height: height + 2 * PADDING * scale };
}

function lettersOf(text: string): string[] {
  return [...text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()];
}

function eachPixel(
  { width, height }: RgbPicture,
  box: { x: number; y: number; width: number; height: number },
  paint: (at: number) => void,
): void {
  for (let y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++) {
    for (let x = Math.max(0, box.x); x < Math.min(width, box.x + box.width); x++) paint(3 * (y * width + x));
  }
}
