/** How TensorFlow pads a picture before a window slides over it. */
type Padding = 'same' | 'valid';

/** A convolution's or a pool's window. Pairs are height, width. */
export interface SpatialWindow {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
}

/** Rows and columns that are added, and the size that comes out. `pads` is top, left, bottom, right, as ONNX orders them. */
export interface SlidWindow {
  readonly pads: readonly [number, number, number, number];
  readonly size: readonly [number, number];
}

/**
 * Padding and output size of a window on `height` × `width` (TensorFlow API, tf.nn, "Notes on padding"). A side that is open (−1)
 * stays open, where the window keeps the size.
 */
export function slide(window: SpatialWindow, height: number, width: number): SlidWindow {
  const vertical = slideAxis(window, 0, height);
  const horizontal = slideAxis(window, 1, width);
  return {
    pads: [vertical.before, horizontal.before, vertical.after, horizontal.after],
    size: [vertical.size, horizontal.size],
  };
}

function slideAxis(window: SpatialWindow, axis: 0 | 1, length: number) {
  const stride = window.strides[axis];
  const extent = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
  if (length < 0) {
    if (stride !== 1 || (window.padding === 'valid' && extent > 1))
      throw new Error('A picture of open size meets a window that changes it.');
    const before = Math.floor((extent - 1) / 2);
    return { before, after: extent - 1 - before, size: length };
  }
  if (window.padding === 'valid') return { before: 0, after: 0, size: Math.ceil((length - extent + 1) / stride) };
  const size = Math.ceil(length / stride);
  const total = Math.max((size - 1) * stride + extent - length, 0);
  // The odd row or column goes to the end.
  const before = Math.floor(total / 2);
  return { before, after: total - before, size };
}
