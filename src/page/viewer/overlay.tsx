import type { FaceBox } from '../../review/api.ts';
import { chosenTrack, drawnBox, frame, movedFive, review, tool } from '../state.ts';
import { BOX_CORNERS, cornerOf, movedBox, resizedBox, withPoint } from './box-edit.ts';
import { arrowStep, dragged } from './dragging.ts';
import { type Point, toPane } from './placement.ts';
import { panes, placement, showsFace, stage } from './view-state.ts';

const POINTS = ['left eye', 'right eye', 'nose', 'left corner of the mouth', 'right corner of the mouth'];

/** What is drawn over the picture of a pane: the face, the drawn box, the five points. */
export function Overlay({ pane }: { readonly pane: number }) {
  const { ratio } = stage.value;
  const left = panes.value[pane]?.left ?? 0;
  const at = (point: Point): Point => {
    const [x, y] = toPane(placement.value, point);
    return [(x + left) / ratio, y / ratio];
  };
  const track = chosenTrack.value;
  const k = track ? frame.value - track.in : -1;
  const box = showsFace.value ? track?.boxes[k] : undefined;
  const five = track?.five[k];
  const isPinning = tool.value === 'pins';
  return (
    <svg class="overlay" aria-label={pane === 0 ? 'Drawn over the picture' : 'Drawn over the second picture'}>
      {box && <Rectangle box={box} at={at} kind="face" />}
      {drawnBox.value && <DrawnBox box={drawnBox.value} at={at} />}
      {five && (isPinning || showsFace.value) && (
        <FivePoints five={isPinning ? (movedFive.value ?? five) : five} at={at} isPinning={isPinning} />
      )}
    </svg>
  );
}

type ToPage = (point: Point) => Point;

function Rectangle({ box, at, kind }: { readonly box: FaceBox; readonly at: ToPage; readonly kind: string }) {
  const [x, y] = at(cornerOf(box, 'nw'));
  const [right, bottom] = at(cornerOf(box, 'se'));
  return <rect class={kind} x={x} y={y} width={right - x} height={bottom - y} />;
}

function DrawnBox({ box, at }: { readonly box: FaceBox; readonly at: ToPage }) {
  const reel = review.value;
  if (!reel) return null;
  const plates = (css: number, scale: number) => (css * stage.value.ratio) / scale;
  const shift = (dx: number, dy: number): Point => [
    plates(dx, placement.value.scaleX),
    plates(dy, placement.value.scaleY),
  ];
  const [x, y] = at(cornerOf(box, 'nw'));
  const [right, bottom] = at(cornerOf(box, 'se'));
  return (
    <g class={tool.value === 'holdout' ? 'drawn held' : 'drawn'}>
      {/* biome-ignore lint/a11y/useSemanticElements: nothing else can be focused within a drawing */}
      <rect
        x={x}
        y={y}
        width={right - x}
        height={bottom - y}
        tabindex={0}
        role="button"
        aria-label={`Box of ${box[2]} × ${box[3]} pixels at ${box[0]}, ${box[1]}: arrow keys move it, Delete removes it`}
        onKeyDown={(event) => {
          const by = arrowStep(event);
          if (by) drawnBox.value = movedBox(box, by, reel);
          else if (event.key === 'Delete' || event.key === 'Backspace') drawnBox.value = null;
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerDown={dragged(() => ({ dx, dy }) => {
          drawnBox.value = movedBox(box, shift(dx, dy), reel);
        })}
      />
      {BOX_CORNERS.map((corner) => {
        const [cx, cy] = at(cornerOf(box, corner));
        return (
          // biome-ignore lint/a11y/useSemanticElements: nothing else can be focused within a drawing
          <circle
            key={corner}
            class={`handle ${corner}`}
            cx={cx}
            cy={cy}
            r={6}
            tabindex={0}
            role="button"
            aria-label={`Corner ${corner} of the box: arrow keys move it`}
            onKeyDown={(event) => {
              const by = arrowStep(event);
              if (!by) return;
              const [px, py] = cornerOf(box, corner);
              drawnBox.value = resizedBox(box, corner, [px + by[0], py + by[1]], reel);
              event.preventDefault();
              event.stopPropagation();
            }}
            onPointerDown={dragged(() => ({ dx, dy }) => {
              const [px, py] = cornerOf(box, corner);
              const [sx, sy] = shift(dx, dy);
              drawnBox.value = resizedBox(box, corner, [px + sx, py + sy], reel);
            })}
          />
        );
      })}
    </g>
  );
}

interface FiveProps {
  readonly five: readonly number[];
  readonly at: ToPage;
  readonly isPinning: boolean;
}

function FivePoints({ five, at, isPinning }: FiveProps) {
  const reel = review.value;
  if (!reel) return null;
  return (
    <g class={isPinning ? 'pins' : 'points'}>
      {POINTS.map((name, k) => {
        const [x, y] = [five[2 * k] ?? 0, five[2 * k + 1] ?? 0];
        const [cx, cy] = at([x, y]);
        if (!isPinning) return <circle key={name} cx={cx} cy={cy} r={2.5} />;
        const move = (dx: number, dy: number) => {
          movedFive.value = withPoint(movedFive.value ?? five, k, [x + dx, y + dy], reel);
        };
        return (
          <g key={name}>
            <circle class="dot" cx={cx} cy={cy} r={1.5} />
            {/* biome-ignore lint/a11y/useSemanticElements: nothing else can be focused within a drawing */}
            <circle
              class="handle"
              cx={cx}
              cy={cy}
              r={9}
              tabindex={0}
              role="button"
              aria-label={`${name}, at ${x.toFixed(1)}, ${y.toFixed(1)}: arrow keys move it`}
              onKeyDown={(event) => {
                const by = arrowStep(event);
                if (!by) return;
                move(by[0] / 2, by[1] / 2);
                event.preventDefault();
                event.stopPropagation();
              }}
              onPointerDown={dragged(() => ({ dx, dy }) => {
                const { scaleX, scaleY } = placement.value;
                move((dx * stage.value.ratio) / scaleX, (dy * stage.value.ratio) / scaleY);
              })}
            />
          </g>
        );
      })}
    </g>
  );
}
