import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { toOnnx } from '../../src/convert/to-onnx.ts';
import { fetchSources } from '../../src/model/fetch-source.ts';
import { cropOf, largestDifference, stillOf } from '../model/stills.ts';

const MODEL = 'npm:@upscalerjs/esrgan-slim@1.0.0#models/x2/';
const WIDTH = 20;
const HEIGHT = 14;

/** ESRGAN-slim as published: model.json and its one shard. */
async function published() {
  const sources = [`${MODEL}model.json`, `${MODEL}group1-shard1of1.bin`] as const;
  const { files } = await fetchSources(sources, '', () => {}, undefined);
  return { json: files.get(sources[0]) as Uint8Array, shard: files.get(sources[1]) as Uint8Array };
}

let weights: Awaited<ReturnType<typeof published>>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  weights = await published();
});

/** The files with the topology changed. */
function filesWith(change: (layers: Array<{ class_name: string; inbound_nodes: unknown[] }>) => void) {
  const model = JSON.parse(new TextDecoder().decode(weights.json));
  change(model.modelTopology.model_config.config.layers);
  return [
    { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) },
    { name: 'group1-shard1of1.bin', bytes: weights.shard },
  ];
}

describe('a converted TensorFlow.js layers model', () => {
  it('answers as TensorFlow.js does, for a picture of a size that the model leaves open', async () => {
    const square = cropOf(await stillOf('astronaut.png'), { x: 210, y: 95, size: WIDTH, offset: 0, scale: 1 });
    const input = square.slice(0, 3 * WIDTH * HEIGHT);
    const shape = [1, HEIGHT, WIDTH, 3];

    const { modelTopology, weightsManifest, format } = JSON.parse(new TextDecoder().decode(weights.json));
    const theirs = await tf.loadLayersModel({
      load: async () => ({
        modelTopology,
        format,
        weightSpecs: weightsManifest[0].weights,
        weightData: new Uint8Array(weights.shard).buffer,
      }),
    });
    const expected = tf.tidy(() => theirs.predict(tf.tensor(input, shape)) as tf.Tensor);

    const ours = await ort.InferenceSession.create(
      toOnnx(
        'tfjs-layers',
        filesWith(() => {}),
        ['SR'],
      ),
    );
    const { SR } = await ours.run({ LR: new ort.Tensor('float32', input, shape) });
    await ours.release();

    expect(SR?.dims).toEqual([1, 2 * HEIGHT, 2 * WIDTH, 3]);
    expect(expected.shape).toEqual([1, 2 * HEIGHT, 2 * WIDTH, 3]);
    // Code values of 255; the portrait has blacks and whites to be wrong in.
    expect(largestDifference(SR?.data as Float32Array, await expected.data<'float32'>())).toBeLessThan(0.01);
    tf.dispose([expected]);
    theirs.dispose();
  });

  it('is refused where a layer is not known, by its kind and name', () => {
    const files = filesWith((layers) => {
      const last = layers.at(-1);
      if (last) last.class_name = 'Attention';
    });
    expect(() => toOnnx('tfjs-layers', files, ['SR'])).toThrow(
      'The layer Attention ("SR") is not known to the converter.',
    );
  });

  it('is refused where a layer is used twice', () => {
    const files = filesWith((layers) => {
      const last = layers.at(-1);
      last?.inbound_nodes.push(last.inbound_nodes[0]);
    });
    expect(() => toOnnx('tfjs-layers', files, ['SR'])).toThrow('The layer "SR" is used more than once.');
  });

  it('is refused where the asked output is not one of its layers', () => {
    expect(() =>
      toOnnx(
        'tfjs-layers',
        filesWith(() => {}),
        ['HR'],
      ),
    ).toThrow('The network has no layer "HR"; its outputs are: SR.');
  });
});
