/** A constant tensor in row-major order. */
export interface DenseTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** The tensor with its axes in another order: axis `k` of the result is axis `order[k]` of the source. */
export function transpose(tensor: DenseTensor, order: readonly number[]): DenseTensor {
  const { shape, data } = tensor;
  const strides = shape.map((_, k) => elementsOf(shape.slice(k + 1)));
  const outShape = order.map((axis) => shape[axis] as number);
  const outStrides = order.map((axis) => strides[axis] as number);
  const out = new Float32Array(data.length);
  const index = outShape.map(() => 0);
  let from = 0;
  for (let at = 0; at < out.length; at++) {
    out[at] = data[from] as number;
    // Counts the index up like an odometer and moves the source position with it.
    for (let k = outShape.length - 1; k >= 0; k--) {
      index[k] = (index[k] as number) + 1;
      from += outStrides[k] as number;
      if ((index[k] as number) < (outShape[k] as number)) break;
      from -= (outStrides[k] as number) * (outShape[k] as number);
      index[k] = 0;
    }
  }
  return { shape: outShape, data: out };
}
