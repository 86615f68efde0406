import type { PlatePoint, TrackedFace } from './tracked-face.ts';

/** Half the side of the pattern that Nuke would track a point by, as a share of the face's box, and pixels at least. */
const PATTERN = 0.05;
const LEAST_PATTERN = 4;
/** Columns of a Tracker4's table, as Nuke writes them: kinds, widths and names. */
const COLUMNS = [
  '5 1 20 enable e',
  '3 1 75 name name',
  ...['track_x', 'track_y'].map((name) => `2 1 58 ${name} ${name}`),
  ...['offset_x', 'offset_y'].map((name) => `2 1 63 ${name} ${name}`),
  ...['T', 'R', 'S'].map((name) => `4 1 27 ${name} ${name}`),
  '2 0 45 error error',
  ...['error_min', 'error_max'],
  ...['pattern', 'search'].flatMap((box) => ['x', 'y', 'r', 't'].map((side) => `${box}_${side}`)),
  'key_track',
  ...['key_search', 'key_track'].flatMap((box) => ['x', 'y', 'r', 't'].map((side) => `${box}_${side}`)),
  ...['key_centre_offset_x', 'key_centre_offset_y'],
].map((column) => {
  if (column.includes(' ')) return `{ ${column} 1 }`;
  return `{ ${column.startsWith('key') ? 2 : 1} 1 0 ${column} ${column} 1 }`;
});

/**
 * A track as a Nuke script to be inserted or pasted: a Tracker4 with the named points, and a CornerPin2D that carries what lies in the
 * face's box in the reference frame along. Curves are over the reel's own frame numbers. x is the plate's; y counts up from the lower edge
 * of the lowest pixel: in both, a pixel's centre is at a half.
 *
 * The form is that of scripts that Nuke 8 and later have saved.
 */
export function nukeTrack(face: TrackedFace, name: string): string {
  const { width, height, pixelAspect, id, number, reference } = face;
  const last = number + face.corners.length - 1;
  // In a label Nuke would run what stands in brackets.
  const label = `${name.replace(/[^\p{L}\p{N} ._-]/gu, '_')}, frames ${number}-${last}, ${width} x ${height}, pixel aspect ${pixelAspect}`;
  return `# ${label}
set cut_paste_input [stack 0]
version 12.0 v1
push $cut_paste_input
${trackerOf(face, label)}
push $cut_paste_input
CornerPin2D {
${cornersOf(face)}
 name FaceBox_${id}
 label "${label}\\nreference frame ${number + reference}"
 selected true
 xpos 110
 ypos 0
}
`;
}

function trackerOf(face: TrackedFace, label: string): string {
  const { id, points, number, reference } = face;
  const rows = [...points].map(([name, positions]) => rowOf(name, positions, face));
  return `Tracker4 {
 tracks { { 1 ${COLUMNS.length} ${rows.length} }
{ ${COLUMNS.join('\n')}
}
{
${rows.join('\n')}
}
}
 reference_frame ${number + reference}
 name Face_${id}
 label "${label}"
 selected true
 xpos 0
 ypos 0
}`;
}

/** A row of the table: a point that is enabled from the first frame on, and counts for translation, rotation and scale. */
function rowOf(name: string, positions: readonly PlatePoint[], face: TrackedFace): string {
  const { number, reference, corners } = face;
  const [upperLeft, upperRight] = corners[reference] as TrackedFace['corners'][number];
  const half = Math.max(LEAST_PATTERN, Math.round(PATTERN * (upperRight[0] - upperLeft[0])));
  const [x, y] = inNuke(positions[reference] as PlatePoint, face);
  const key = (value: number) => `{curve x${number + reference} ${decimals(value)}}`;
  const square = (side: number) => [x - side, y - side, x + side, y + side].map(key);
  const zero = `{curve K x${number} 0}`;
  return `{ ${[
    `{curve K x${number} 1}`,
    `"${name}"`,
    ...curvesOf(positions, face),
    ...[zero, zero, '1 1 1', `{curve x${number} 0}`, '0 0'],
    ...[-half, -half, half, half],
    ...[-half, -half, half, half],
    '{curve}',
    ...square(2 * half),
    ...square(half),
    ...[key(half), key(half)],
  ].join(' ')} }`;
}

function cornersOf(face: TrackedFace): string {
  const still = face.corners[face.reference] as TrackedFace['corners'][number];
  // Nuke counts from the lower left against the clock; the corners begin at the upper left and go with it.
  const lines = [3, 2, 1, 0].flatMap((corner, k) => {
    const positions = face.corners.map((corners) => corners[corner] as PlatePoint);
    const [x, y] = inNuke(still[corner] as PlatePoint, face);
    return [` to${k + 1} {${curvesOf(positions, face).join(' ')}}`, ` from${k + 1} {${decimals(x)} ${decimals(y)}}`];
  });
  return lines.join('\n');
}

/** Curves of x and y with a key a frame: without a number of its own, a value belongs to the frame after. */
function curvesOf(positions: readonly PlatePoint[], face: TrackedFace): [string, string] {
  const all = positions.map((position) => inNuke(position, face));
  const curve = (axis: 0 | 1) => `{curve x${face.number} ${all.map((position) => decimals(position[axis])).join(' ')}}`;
  return [curve(0), curve(1)];
}

function inNuke([x, y]: PlatePoint, { height }: TrackedFace): PlatePoint {
  return [x, height - y];
}

/** To a thousandth of a pixel. */
function decimals(value: number): string {
  return String(Math.round(value * 1000) / 1000 + 0);
}
