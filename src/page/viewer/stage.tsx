import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import './stage.css';
import { labelOfFrame } from '../frame-words.ts';
import { chosenTrack, drawnBox, follows, frame, gain, type Layout, review, tool, zoom } from '../state.ts';
import { boxBetween } from './box-edit.ts';
import { arrowStep, type Drag, dragged } from './dragging.ts';
import { drawPictures } from './draw-pictures.ts';
import { Overlay } from './overlay.tsx';
import { centreAbout, coveredPart, type Point, toPlate, zoomBeside } from './placement.ts';
import {
  centre,
  layoutNow,
  middle,
  panes,
  pictureFault,
  placement,
  shown,
  speed,
  stage,
  wipeLine,
  wipeShare,
} from './view-state.ts';

const NAMED: Readonly<Record<Layout, string>> = {
  plate: 'plate',
  output: 'output',
  matte: 'matte',
  difference: 'difference',
  wipe: 'plate left of the line, output right of it',
  side: 'plate and output side by side',
};
/** Turning of the wheel that is one step of the zoom. */
const WHEEL_STEP = 60;

/** The picture. */
export function Stage() {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!place.current || !canvas.current) return;
    const ends = [measureStage(place.current), keepDrawn(canvas.current), zoomByWheel(place.current)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  const reel = review.value;
  const seen = shown.value;
  const isWiping = layoutNow.value === 'wipe' && seen !== null;
  return (
    <div
      ref={place}
      class={`stage ${tool.value === 'move' ? 'moving' : 'drawing'}`}
      onPointerDown={dragged((event) => beginDrag(event, place.current))}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={reel && seen ? `Frame ${labelOfFrame(reel, seen.frame)}: ${NAMED[seen.layout]}` : 'No picture yet'}
      />
      {panes.value.map(({ left }, k) => (
        <Overlay key={left} pane={k} />
      ))}
      {isWiping && <WipeLine />}
      <Names />
      {pictureFault.value !== null && (
        <p class="fault" role="alert">
          {pictureFault.value}
        </p>
      )}
    </div>
  );
}

/** Says which picture is which, and what is not exact. */
function Names() {
  const seen = shown.value;
  if (!seen) return null;
  const isLate = speed.value === 0 && pictureFault.value === null && (seen.frame !== frame.value || seen.isPlayed);
  const both = seen.layout === 'wipe' || seen.layout === 'side';
  const factor = seen.layout === 'difference' ? ` × ${gain.value}` : '';
  return (
    <div class="names" aria-hidden="true">
      <span>{both ? 'plate' : `${seen.layout}${factor}`}</span>
      {(isLate || seen.isPlayed) && <span>{isLate ? 'coming …' : 'small pictures'}</span>}
      {both && <span class={seen.layout === 'side' ? 'second' : 'last'}>output</span>}
    </div>
  );
}

function WipeLine() {
  const { ratio } = stage.value;
  return (
    <div
      class="wipe-line"
      role="slider"
      tabIndex={0}
      aria-label="Line between plate and output"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * wipeShare.value)}
      style={{ left: `${wipeLine.value / ratio}px` }}
      onKeyDown={(event) => {
        const by = arrowStep(event);
        if (!by) return;
        moveWipe(wipeShare.value + by[0] / 100);
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={dragged(wipeDrag)}
    />
  );
}

function moveWipe(share: number): void {
  wipeShare.value = Math.min(1, Math.max(0, share));
}

function wipeDrag(): (drag: Drag) => void {
  const before = wipeShare.value;
  const { width } = coveredPart(placement.value, review.value ?? stage.value, stage.value);
  return ({ dx }) => moveWipe(before + (dx * stage.value.ratio) / Math.max(1, width));
}

/** A point of the page as a point of the plate. */
function plateAt({ clientX, clientY }: MouseEvent, place: Element): { plate: Point; pane: Point } {
  const { left, top } = place.getBoundingClientRect();
  const { ratio } = stage.value;
  const x = (clientX - left) * ratio;
  const own = panes.value.findLast((pane) => x >= pane.left)?.left ?? 0;
  const pane: Point = [x - own, (clientY - top) * ratio];
  return { plate: toPlate(placement.value, pane), pane };
}

function beginDrag(event: PointerEvent, place: Element | null): ((drag: Drag) => void) | null {
  const reel = review.value;
  if (!reel || !place) return null;
  if (tool.value === 'box' || tool.value === 'holdout') {
    const { plate: from } = plateAt(event, place);
    return (drag) => {
      drawnBox.value = boxBetween(from, plateAt(drag.event, place).plate, reel);
    };
  }
  if (tool.value !== 'move') return null;
  if (zoom.value === 'fit') return layoutNow.value === 'wipe' ? wipeDrag() : null;
  const [x, y] = middle.value;
  const scale = zoom.value;
  return ({ dx, dy }) => {
    follows.value = false;
    centre.value = [x - (dx * stage.value.ratio) / scale, y - (dy * stage.value.ratio) / scale];
  };
}

/** Keeps the stage's size in device pixels. */
function measureStage(place: HTMLElement): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const ratio = devicePixelRatio;
    const exact = entry.devicePixelContentBoxSize?.[0];
    const { width, height } = entry.contentRect;
    const sideOf = (css: number, device = 0) => {
      // A browser that emulates another screen tells its own device pixels here.
      const isMeant = Math.abs(device - css * ratio) <= 1;
      return Math.max(1, isMeant ? device : Math.round(css * ratio));
    };
    stage.value = { width: sideOf(width, exact?.inlineSize), height: sideOf(height, exact?.blockSize), ratio };
  });
  try {
    observer.observe(place, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(place);
  }
  return () => observer.disconnect();
}

/** Draws anew, once a screen refresh, whenever something of it has changed. */
function keepDrawn(canvas: HTMLCanvasElement): () => void {
  const context = canvas.getContext('2d');
  let timer = 0;
  const end = effect(() => {
    const drawing = {
      shown: shown.value,
      plate: review.value,
      placement: placement.value,
      stage: stage.value,
      panes: panes.value,
      wipeLine: wipeLine.value,
    };
    cancelAnimationFrame(timer);
    timer = requestAnimationFrame(() => {
      const { shown: seen, plate, stage: size } = drawing;
      if (canvas.width !== size.width) canvas.width = size.width;
      if (canvas.height !== size.height) canvas.height = size.height;
      if (!context) return;
      if (seen && plate) drawPictures(context, { ...drawing, shown: seen, plate });
      else context.clearRect(0, 0, size.width, size.height);
      canvas.dataset['frame'] = seen && !seen.isPlayed ? String(seen.frame) : '';
    });
  });
  return () => {
    end();
    cancelAnimationFrame(timer);
  };
}

/** Zooms about the pointer, or with the followed face in the middle. */
function zoomByWheel(place: HTMLElement): () => void {
  let turned = 0;
  const onWheel = (event: WheelEvent) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    turned += event.deltaY;
    if (Math.abs(turned) < WHEEL_STEP) return;
    const next = zoomBeside(zoom.value, turned < 0 ? 'closer' : 'wider');
    turned = 0;
    const { plate, pane } = plateAt(event, place);
    const isFollowing = follows.value && chosenTrack.value !== null;
    if (next !== 'fit' && !isFollowing) {
      centre.value = centreAbout(plate, { at: pane, pane: panes.value[0] ?? stage.value, zoom: next });
    }
    zoom.value = next;
  };
  place.addEventListener('wheel', onWheel, { passive: false });
  return () => place.removeEventListener('wheel', onWheel);
}
