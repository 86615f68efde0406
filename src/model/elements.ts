import * as ort from 'onnxruntime-node';
import type { ElementType } from '../convert/onnx-graph.ts';
import { floatsOfHalves, halvesOfFloats } from '../film/half-float.ts';

/** Floats as a tensor of any type; where it holds whole numbers they are rounded, and bytes are kept to 0 … 255. */
export function tensorOf(type: ElementType, data: Float32Array, shape: readonly number[]): ort.Tensor {
  switch (type) {
    case 'float32':
      return new ort.Tensor('float32', data, shape);
    case 'float16':
      return new ort.Tensor('float16', halvesOfFloats(data), shape);
    case 'uint8':
      return new ort.Tensor('uint8', Uint8Array.from(Uint8ClampedArray.from(data)), shape);
    case 'int64':
      return new ort.Tensor(
        'int64',
        BigInt64Array.from(data, (v) => BigInt(Math.round(v))),
        shape,
      );
    case 'float64':
      return new ort.Tensor('float64', Float64Array.from(data), shape);
  }
}

/** A tensor's numbers as floats; those of 32 bits without a copy. */
export function floatsOf({ data }: ort.Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  // Runtimes with half floats of their own answer with these, others with their bits.
  if (data instanceof Uint16Array) return floatsOfHalves(data);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
