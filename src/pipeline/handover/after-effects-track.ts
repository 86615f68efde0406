import { toNumber } from '../../film/rational.ts';
import type { PlatePoint, TrackedFace } from './tracked-face.ts';

/** Numbers of After Effects' Corner Pin by the corners' places: upper left, upper right, lower left, lower right. */
const CORNER_PIN = [0, 1, 3, 2] as const;

/**
 * The box of a face as After Effects keyframe data of the effect Corner Pin, in the layout that mocha exports as *After Effects Corner Pin
 * Data*: pasted onto a layer, it pins the layer to the box. Frames count from 0 at the reel's first; coordinates are plate pixels.
 */
export function cornerPinKeyframes(face: TrackedFace): string {
  const blocks = CORNER_PIN.map((corner, k) =>
    block(
      `Effects\tADBE Corner Pin #1\tADBE Corner Pin-000${k + 1}`,
      face.corners.map((corners) => corners[corner]),
      face,
    ),
  );
  return keyframeData(face, blocks);
}

/** The named points as After Effects keyframe data of a tracker: a track point each, in the order of `HANDED_POINTS`. */
export function trackPointKeyframes(face: TrackedFace): string {
  const blocks = [...face.points.values()].flatMap((positions, k) =>
    ['Feature Center', 'Attach Point'].map((property) =>
      block(`Motion Trackers\tTracker #1\tTrack Point #${k + 1}\t${property}`, positions, face),
    ),
  );
  return keyframeData(face, blocks);
}

function keyframeData({ rate, width, height, pixelAspect }: TrackedFace, blocks: readonly string[]): string {
  return `Adobe After Effects 8.0 Keyframe Data

\tUnits Per Second\t${decimals(toNumber(rate))}
\tSource Width\t${width}
\tSource Height\t${height}
\tSource Pixel Aspect Ratio\t${decimals(pixelAspect)}
\tComp Pixel Aspect Ratio\t${decimals(pixelAspect)}

${blocks.join('\n\n')}


End of Keyframe Data
`;
}

function block(title: string, positions: readonly PlatePoint[], { frame }: TrackedFace): string {
  const lines = positions.map(([x, y], k) => `\t${frame + k}\t${decimals(x)}\t${decimals(y)}`);
  return [title, '\tFrame\tX pixels\tY pixels', ...lines].join('\n');
}

/** To a thousandth. */
function decimals(value: number): string {
  return String(Math.round(value * 1000) / 1000 + 0);
}
