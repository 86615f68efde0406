import type { KeyAction } from '../keys.ts';
import {
  chosen,
  chosenTrack,
  follows,
  frame,
  gain,
  goTo,
  type Layout,
  layout,
  loop,
  review,
  type Tool,
  tool,
  type Zoom,
  zoom,
} from '../state.ts';
import { exchanged } from './kinds.ts';
import { zoomBeside } from './placement.ts';
import { type Speed, shuttled } from './shuttle.ts';
import { loops, showsFace, speed, wipeShare, worked } from './view-state.ts';
import { shotBorder, trackBeside } from './worst.ts';

/** What a button and its keys do. */
export interface ViewerAction extends KeyAction {
  /** A word or two on the button. */
  readonly name: string;
  /** Of a button that is on or off. */
  readonly isOn?: () => boolean;
}

const laidOut = (of: Layout, name: string, key: string, does: string): ViewerAction => ({
  name,
  keys: [key],
  does,
  isOn: () => layout.value === of,
  run: () => {
    layout.value = of;
  },
});

export const LAYOUTS = {
  plate: laidOut('plate', 'Plate', '1', 'Show the plate'),
  output: laidOut('output', 'Output', '2', 'Show the output'),
  wipe: laidOut('wipe', 'Wipe', '3', 'Show both sides of a line'),
  side: laidOut('side', 'Side', '4', 'Show plate and output side by side'),
  difference: laidOut('difference', 'Difference', '5', 'Show the amplified difference'),
  matte: laidOut('matte', 'Matte', '6', 'Show the matte'),
} satisfies Record<Layout, ViewerAction>;

/** Longer than this, and a key was held, not pressed, ms. */
const HELD = 300;
let isExchanging = false;

/** Changes the layout while the key is held; where it was only pressed the change stays. */
function exchange(): void {
  if (isExchanging) return;
  isExchanging = true;
  const before = layout.value;
  const begun = performance.now();
  layout.value = exchanged(before);
  const onUp = ({ key }: KeyboardEvent) => {
    if (key.toLowerCase() !== 't') return;
    removeEventListener('keyup', onUp);
    isExchanging = false;
    if (performance.now() - begun > HELD) layout.value = before;
  };
  addEventListener('keyup', onUp);
}

const magnified = (of: Zoom, name: string, keys: readonly string[], does: string): ViewerAction => ({
  name,
  keys,
  does,
  isOn: () => zoom.value === of,
  run: () => {
    zoom.value = of;
  },
});

export const ZOOMED: readonly ViewerAction[] = [
  magnified('fit', 'Fit', ['0'], 'Show all of the picture'),
  magnified(1, '1:1', ['7'], 'Show one device pixel a plate pixel'),
  magnified(2, '2:1', ['8'], 'Show pixels twice as large'),
  magnified(4, '4:1', ['9'], 'Show pixels four times as large'),
];

const used = (of: Tool, name: string, key: string, does: string): ViewerAction => ({
  name,
  keys: [key],
  does,
  isOn: () => tool.value === of,
  run: () => {
    tool.value = of;
  },
});

export const TOOLS: readonly ViewerAction[] = [
  used('move', 'Move', 'm', 'Drag the picture, or the line'),
  used('box', 'Box', 'b', 'Draw a box to be noted'),
  used('holdout', 'Hold out', 'h', 'Draw a box to be held out'),
  used('pins', 'Points', 'p', 'Drag the five points of the face'),
];

const step = (name: string, keys: readonly string[], by: number, does: string): ViewerAction => ({
  name,
  keys,
  does,
  run: () => {
    speed.value = 0;
    goTo(frame.value + by);
  },
});

function played(value: Speed): void {
  speed.value = value;
}

function stepShot(direction: 1 | -1): void {
  const at = shotBorder(review.value?.shots ?? [], frame.value, direction);
  if (at === null) return;
  speed.value = 0;
  goTo(at);
}

function stepWorst(direction: 1 | -1): void {
  const track = trackBeside(review.value?.tracks ?? [], chosenTrack.value, direction);
  if (!track) return;
  speed.value = 0;
  chosen.value = { scope: 'track', track: track.id };
  goTo(track.worstFrame);
}

function edge(which: 'in' | 'out'): void {
  const { in: from, out } = worked.value;
  const at = frame.value;
  if (which === 'in') loop.value = { in: at, out: Math.max(at + 1, out) };
  else loop.value = { in: Math.min(at, from), out: at + 1 };
}

export const ACT = {
  exchange: { name: 'Toggle', keys: ['t'], does: 'Change between plate and output, also while held', run: exchange },
  lessGain: {
    name: 'Less gain',
    keys: ['G'],
    does: 'Halve the gain of the difference',
    run: () => {
      gain.value = Math.max(1, gain.value / 2);
    },
  },
  moreGain: {
    name: 'More gain',
    keys: ['g'],
    does: 'Double the gain of the difference',
    run: () => {
      gain.value = Math.min(64, gain.value * 2);
    },
  },
  wipeLeft: { name: 'Line left', keys: [','], does: 'Move the line to the left', run: () => moveLine(-0.02) },
  wipeRight: { name: 'Line right', keys: ['.'], does: 'Move the line to the right', run: () => moveLine(0.02) },
  closer: {
    name: 'Closer',
    keys: ['+', '='],
    does: 'Zoom in',
    run: () => {
      zoom.value = zoomBeside(zoom.value, 'closer');
    },
  },
  wider: {
    name: 'Wider',
    keys: ['-'],
    does: 'Zoom out',
    run: () => {
      zoom.value = zoomBeside(zoom.value, 'wider');
    },
  },
  follow: {
    name: 'Follow',
    keys: ['f'],
    does: 'Follow the chosen face, or stop following',
    isOn: () => follows.value,
    run: () => {
      follows.value = !follows.value;
    },
  },
  face: {
    name: 'Face',
    keys: ['v'],
    does: 'Show or hide the face’s box and points',
    isOn: () => showsFace.value,
    run: () => {
      showsFace.value = !showsFace.value;
    },
  },
  first: { name: 'First frame', keys: ['Home'], does: 'Go to the first frame of the loop', run: () => toEnd('in') },
  last: { name: 'Last frame', keys: ['End'], does: 'Go to the last frame of the loop', run: () => toEnd('out') },
  tenBack: step('Ten back', ['Shift+ArrowLeft'], -10, 'Step ten frames back'),
  back: step('One back', ['ArrowLeft'], -1, 'Step to the frame before'),
  forward: step('One forward', ['ArrowRight'], 1, 'Step to the next frame'),
  tenForward: step('Ten forward', ['Shift+ArrowRight'], 10, 'Step ten frames forward'),
  reverse: {
    name: 'Reverse',
    keys: ['j'],
    does: 'Play backwards; again: faster',
    isOn: () => speed.value < 0,
    run: () => played(shuttled(speed.value, -1)),
  },
  stop: { name: 'Stop', keys: ['k'], does: 'Stop playing', run: () => played(0) },
  faster: {
    name: 'Faster',
    keys: ['l'],
    does: 'Play; again: faster',
    run: () => played(shuttled(speed.value, 1)),
  },
  play: {
    name: 'Play',
    keys: [' '],
    does: 'Play at the reel’s rate, or stop',
    isOn: () => speed.value !== 0,
    run: () => played(speed.value === 0 ? 1 : 0),
  },
  in: { name: 'In', keys: ['i'], does: 'Begin the loop at this frame', run: () => edge('in') },
  out: { name: 'Out', keys: ['o'], does: 'End the loop with this frame', run: () => edge('out') },
  clear: {
    name: 'No in and out',
    keys: ['z'],
    does: 'Loop over the chosen shot or track again',
    run: () => {
      loop.value = null;
    },
  },
  loop: {
    name: 'Loop',
    keys: ['c'],
    does: 'Play in a loop, or to the end',
    isOn: () => loops.value,
    run: () => {
      loops.value = !loops.value;
    },
  },
  shotBefore: { name: 'Shot before', keys: ['S'], does: 'Go to the shot before', run: () => stepShot(-1) },
  shotAfter: { name: 'Next shot', keys: ['s'], does: 'Go to the next shot', run: () => stepShot(1) },
  worseFace: { name: 'Worse face', keys: ['W'], does: 'Go to the next worse face', run: () => stepWorst(-1) },
  betterFace: { name: 'Next worst face', keys: ['w'], does: 'Go to the next worst face', run: () => stepWorst(1) },
} satisfies Record<string, ViewerAction>;

function moveLine(by: number): void {
  wipeShare.value = Math.min(1, Math.max(0, wipeShare.value + by));
}

function toEnd(which: 'in' | 'out'): void {
  speed.value = 0;
  goTo(which === 'in' ? worked.value.in : worked.value.out - 1);
}
