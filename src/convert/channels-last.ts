import { type DenseTensor, elementsOf, transpose } from './dense-tensor.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type SpatialWindow, slide } from './spatial-window.ts';

/**
 * An intermediate result of a channels-last network (NHWC, as TensorFlow computes) in a channels-first graph (NCHW, as ONNX
 * computes). `shape` is always the channels-last one, −1 a side that is open until the network runs; a `planar` value of rank 4 lies
 * in the graph as NCHW.
 */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly planar: boolean;
}

export type Operand = Value | DenseTensor;

export type Activation = 'none' | 'relu' | 'relu6';

const TO_PLANAR = [0, 3, 1, 2] as const;
const TO_INTERLEAVED = [0, 2, 3, 1] as const;

function isConstant(operand: Operand): operand is DenseTensor {
  return 'data' in operand;
}

/** @throws Error where the operand is missing or computed. */
export function expectConstant(operand: Operand | null | undefined): DenseTensor {
  if (!operand) throw new Error('An operator lacks an input.');
  if (!isConstant(operand)) throw new Error(`A constant was expected, "${operand.name}" is computed.`);
  return operand;
}

/** @throws Error where the operand is missing or a constant. */
export function expectComputed(operand: Operand | null | undefined): Value {
  if (!operand) throw new Error('An operator lacks an input.');
  if (isConstant(operand)) throw new Error('A computed value was expected, got a constant.');
  return operand;
}

/** What a convolution slides over its input. */
export interface Filter {
  /** Height, width, channels in, and channels out or the multiplier. */
  readonly weights: DenseTensor;
  readonly bias: DenseTensor | null;
  readonly window: SpatialWindow;
}

/** A convolution; its weights are height, width, channels in, channels out. */
export function convolve(g: GraphBuilder, x: Value, filter: Filter): Value {
  return slideFilter(g, x, { ...filter, weights: transpose(filter.weights, [3, 2, 0, 1]), group: 1 });
}

/** A convolution of every channel by itself; its weights are height, width, channels in, multiplier. */
export function convolveDepthwise(g: GraphBuilder, x: Value, filter: Filter): Value {
  const [height, width, channels, multiplier] = filter.weights.shape as [number, number, number, number];
  const { data } = transpose(filter.weights, [2, 3, 0, 1]);
  const planar = { shape: [channels * multiplier, 1, height, width], data };
  return slideFilter(g, x, { ...filter, weights: planar, group: channels });
}

/** @param filter its weights are channels out, channels in of a group, height, width */
function slideFilter(
  g: GraphBuilder,
  x: Value,
  { weights, bias, window, group }: Filter & { readonly group: number },
): Value {
  const [batch, height, width] = x.shape as [number, number, number];
  const { pads, size } = slide(window, height, width);
  const inputs = [planar(g, x).name, g.floats(weights.shape, weights.data)];
  if (bias) inputs.push(g.floats([elementsOf(bias.shape)], bias.data));
  const name = g.node('Conv', inputs, {
    dilations: window.dilations,
    group,
    kernel_shape: window.kernel,
    pads,
    strides: window.strides,
  });
  return { name, shape: [batch, ...size, weights.shape[0] as number], planar: true };
}

export function maxPool(g: GraphBuilder, x: Value, window: SpatialWindow): Value {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { pads, size } = slide(window, height, width);
  const name = g.node('MaxPool', [planar(g, x).name], { kernel_shape: window.kernel, pads, strides: window.strides });
  return { name, shape: [batch, ...size, channels], planar: true };
}

/** Bilinear enlargement; `mode` is where ONNX's Resize is to take its samples. */
export function resize(
  g: GraphBuilder,
  x: Value,
  size: readonly [number, number],
  mode: 'half_pixel' | 'align_corners' | 'asymmetric',
): Value {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const name = g.node('Resize', [planar(g, x).name, '', '', g.integers([batch, channels, ...size])], {
    coordinate_transformation_mode: mode,
    mode: 'linear',
  });
  return { name, shape: [batch, ...size, channels], planar: true };
}

/** Enlargement by whole factors, height and width, that repeats pixels; the picture's size may be open. */
export function enlargeNearest(g: GraphBuilder, x: Value, factors: readonly [number, number]): Value {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const scales = g.floats([4], Float32Array.of(1, 1, ...factors));
  const name = g.node('Resize', [planar(g, x).name, '', scales], {
    coordinate_transformation_mode: 'asymmetric',
    mode: 'nearest',
    nearest_mode: 'floor',
  });
  const times = (side: number, factor: number) => (side < 0 ? side : side * factor);
  return { name, shape: [batch, times(height, factors[0]), times(width, factors[1]), channels], planar: true };
}

/** `op` is Add, Sub, Mul, Min or Max; shapes are broadcast as in NumPy. */
export function combine(g: GraphBuilder, op: string, a: Operand, b: Operand): Value {
  const isPlanar = [a, b].some((v) => !isConstant(v) && v.planar);
  const place = (v: Operand): string => {
    if (!isConstant(v)) return (isPlanar ? planar(g, v) : v).name;
    const tensor = isPlanar ? transpose({ ...v, shape: padShape(v.shape, 4) }, TO_PLANAR) : v;
    return g.floats(tensor.shape, tensor.data);
  };
  return { name: g.node(op, [place(a), place(b)]), shape: broadcast(a.shape, b.shape), planar: isPlanar };
}

/** `op` maps each element by itself: Relu, Abs, Sigmoid … */
export function map(g: GraphBuilder, op: string, x: Value): Value {
  return { ...x, name: g.node(op, [x.name]) };
}

export function activate(g: GraphBuilder, x: Value, activation: Activation): Value {
  if (activation === 'none') return x;
  if (activation === 'relu') return map(g, 'Relu', x);
  const bound = (v: number) => g.floats([], Float32Array.of(v));
  return { ...x, name: g.node('Clip', [x.name, bound(0), bound(6)]) };
}

/** x where it is positive, slope · x where it is negative. */
export function prelu(g: GraphBuilder, x: Value, slope: DenseTensor): Value {
  const [, height = 1, width = 1, channels = 1] = padShape(slope.shape, 4);
  const tensor = x.planar ? transpose({ shape: [height, width, channels], data: slope.data }, [2, 0, 1]) : slope;
  return { ...x, name: g.node('PRelu', [x.name, g.floats(tensor.shape, tensor.data)]) };
}

/** Zeros around; `before` and `after` name the amount for every axis of the channels-last shape. */
export function padZeros(g: GraphBuilder, x: Value, before: readonly number[], after: readonly number[]): Value {
  const order = x.planar ? TO_PLANAR : x.shape.map((_, k) => k);
  const amounts = [...order.map((k) => before[k] as number), ...order.map((k) => after[k] as number)];
  const shape = x.shape.map((dim, k) => dim + (before[k] as number) + (after[k] as number));
  return { ...x, name: g.node('Pad', [x.name, g.integers(amounts)]), shape };
}

/**
 * The elements in another shape. A −1 takes what is left; where a batch size was baked in (`[2, 192]` of a network that is asked for
 * one picture), the first axis gives way.
 */
export function reshape(g: GraphBuilder, x: Value, target: readonly number[]): Value {
  const count = elementsOf(x.shape);
  const free = Math.max(target.indexOf(-1), 0);
  const others = elementsOf(target.filter((_, k) => k !== free));
  if (count % others !== 0) throw new RangeError(`[${x.shape}] cannot be reshaped to [${target}].`);
  const shape = target.map((dim, k) => (k === free ? count / others : dim));
  return { name: g.node('Reshape', [interleaved(g, x).name, g.integers(shape)]), shape, planar: false };
}

export function concatenate(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw new RangeError('Nothing to concatenate.');
  const isPlanar = values.some((v) => v.planar);
  const at = axis < 0 ? axis + first.shape.length : axis;
  const names = values.map((v) => (isPlanar ? planar(g, v) : v).name);
  const length = values.reduce((sum, v) => sum + (v.shape[at] as number), 0);
  const shape = first.shape.map((dim, k) => (k === at ? length : dim));
  return {
    name: g.node('Concat', names, { axis: isPlanar ? TO_PLANAR.indexOf(at as 0) : at }),
    shape,
    planar: isPlanar,
  };
}

/** The mean over rows and columns: [N, H, W, C] becomes [N, C], or [N, 1, 1, C] where `keepDims`. */
export function meanOverPicture(g: GraphBuilder, x: Value, keepDims: boolean): Value {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const name = g.node('ReduceMean', [planar(g, x).name], { axes: [2, 3], keepdims: keepDims ? 1 : 0 });
  return keepDims
    ? { name, shape: [batch, 1, 1, channels], planar: true }
    : { name, shape: [batch, channels], planar: false };
}

/** A fully connected layer; `weights` is features in, features out. */
export function connect(g: GraphBuilder, x: Value, weights: DenseTensor, bias: DenseTensor | null): Value {
  const inputs = [interleaved(g, x).name, g.floats(weights.shape, weights.data)];
  if (bias) inputs.push(g.floats(bias.shape, bias.data));
  return { name: g.node('Gemm', inputs), shape: [x.shape[0] as number, weights.shape[1] as number], planar: false };
}

/** The value in the memory order of its channels-last shape. */
export function interleaved(g: GraphBuilder, x: Value): Value {
  return x.planar ? { ...x, name: g.node('Transpose', [x.name], { perm: TO_INTERLEAVED }), planar: false } : x;
}

function planar(g: GraphBuilder, x: Value): Value {
  return x.planar ? x : { ...x, name: g.node('Transpose', [x.name], { perm: TO_PLANAR }), planar: true };
}

function padShape(shape: readonly number[], rank: number): number[] {
  return [...Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const left = padShape(a, rank);
  const right = padShape(b, rank);
  return left.map((dim, k) => Math.max(dim, right[k] as number));
}
