import { describe, expect, it } from 'vitest';
import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { constantData, type FileTensor, OnnxFileError, readOnnx } from '../../src/convert/onnx-file.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import type { PiecewiseBytes } from '../../src/convert/protobuf-reader.ts';
import written from './onnx-file.json' with { type: 'json' };

const bytes = Uint8Array.from(Buffer.from(written.base64, 'base64'));

/** The bytes as a source that refuses to be read beyond its end; `read` counts what is read. */
function sourceOf(content: Uint8Array, read: (length: number) => void = () => {}): PiecewiseBytes {
  return {
    size: content.length,
    read(at, length) {
      if (at < 0 || length < 0 || at + length > content.length) throw new Error(`read ${length} at ${at}`);
      read(length);
      return content.subarray(at, at + length);
    },
  };
}

const file = readOnnx(sourceOf(bytes));
const constant = (name: string) => file.constants.find((one) => one.name === name) as FileTensor;
const numbers = (name: string) => [...constantData(sourceOf(bytes), constant(name))];

describe('an ONNX file', () => {
  it('tells its ports with types and sizes, without inputs that constants fill', () => {
    expect(file.producer).toBe('a producer');
    expect(file.inputs).toEqual([
      { name: 'picture', type: 'float32', dims: [-1, 3, 112, 112] },
      { name: 'size', type: 'int64', dims: [2] },
      { name: 'weight', type: 'float64', dims: [1] },
      { name: 'half', type: 'float16', dims: [1, 4] },
    ]);
    expect(file.outputs).toEqual([
      { name: 'embedding', type: 'float32', dims: [-1, 512] },
      { name: 'unstated', type: 'float32', dims: null },
      { name: 'list', type: 'not a tensor', dims: null },
    ]);
  });

  it('tells its operators, those of others with their domain', () => {
    expect([...file.operators]).toEqual(['Conv', 'Relu', 'com.example:FusedThing', 'Constant']);
  });

  it('tells its constants in their order, and their numbers from raw bytes and from fields of their type', () => {
    expect(file.constants.map(({ name, type, dims }) => `${name} ${type} ${dims}`)).toEqual([
      'raw32 float32 2,2',
      'typed32 float32 3',
      'raw16 float16 4',
      'typed16 float16 2',
      'double float64 2',
      'ints int64 2',
      'elsewhere float32 2',
      'short float32 4',
      'emap float32 1,2',
    ]);
    expect(numbers('raw32')).toEqual([1.5, -2.25, Math.fround(3e38), Math.fround(1e-40)]);
    expect(numbers('typed32')).toEqual([0.5, -1, 7]);
    expect(numbers('raw16')).toEqual([1.5, -0.333251953125, 65504, 2 ** -24]);
    expect(numbers('typed16')).toEqual([1.5, -2]);
    expect(numbers('double')).toEqual([Math.fround(0.1), -1]);
    expect(numbers(file.constants.at(-1)?.name as string)).toEqual([0.25, 0.5]);
  });

  it('says of a constant whose numbers cannot be had why', () => {
    const reason = (name: string) => {
      try {
        return String(numbers(name));
      } catch (error) {
        return (error as OnnxFileError).message;
      }
    };
    expect(reason('elsewhere')).toBe('The numbers of its constant "elsewhere" are in another file, "weights.bin".');
    expect(reason('ints')).toBe('Its constant "ints" should be of floats, but is int64.');
    expect(reason('short')).toBe('Its constant "short" should have 16 bytes, but has 12.');
  });

  it('written here is read again', () => {
    const graph = graphBuilder();
    graph.output(
      'y',
      graph.node('Add', [graph.input('x', [1, -1]), graph.floats([2], Float32Array.of(3, 4))]),
      [1, -1],
    );
    const content = encodeOnnx(graph.finish('sum'));
    const again = readOnnx(sourceOf(content));
    expect(again.inputs).toEqual([{ name: 'x', type: 'float32', dims: [1, -1] }]);
    expect([...again.operators]).toEqual(['Add', 'Identity']);
    expect([...constantData(sourceOf(content), again.constants[0] as FileTensor)]).toEqual([3, 4]);
  });

  it('is read without its weights', () => {
    const graph = graphBuilder();
    graph.floats([1_000_000], new Float32Array(1_000_000));
    graph.output('y', graph.input('x', [1]), [1]);
    let read = 0;
    readOnnx(sourceOf(encodeOnnx(graph.finish('large')), (length) => (read += length)));
    expect(read).toBeLessThan(1000);
  });

  it('is refused at every length but its own', () => {
    for (let length = 0; length < bytes.length; length++) {
      let found: unknown;
      try {
        readOnnx(sourceOf(bytes.subarray(0, length)));
      } catch (error) {
        found = error;
      }
      expect(found, `${length} bytes`).toBeInstanceOf(OnnxFileError);
    }
  });

  it('is refused, or read, whatever single byte is damaged, and never read beyond', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0xff, (bytes[at] as number) ^ 1]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          readOnnx(sourceOf(damaged));
        } catch (error) {
          expect(error, `byte ${at} as ${value}`).toBeInstanceOf(OnnxFileError);
        }
      }
    }
  });

  it.each([
    ['an empty file', '', 'It is no ONNX network: it holds no graph.'],
    [
      'a page',
      '<!DOCTYPE html>',
      'It is no ONNX file, or not the whole of one: Byte 1 follows a field of the unknown type 4.',
    ],
  ])('is not %s', (_, content, message) => {
    expect(() => readOnnx(sourceOf(new TextEncoder().encode(content)))).toThrow(new OnnxFileError(message));
  });
});
