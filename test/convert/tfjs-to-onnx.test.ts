import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { toOnnx } from '../../src/convert/to-onnx.ts';
import { fetchSources } from '../../src/model/fetch-source.ts';
import { cropOf, largestDifference, stillOf } from '../model/stills.ts';
import { smallGraph } from './small-graph.ts';

const HUMAN = 'npm:@vladmandic/human@3.3.6#models/';

/** What ONNX Runtime answers for the converted network. */
async function answerOfOnnx(
  json: Uint8Array,
  shards: Map<string, Uint8Array>,
  output: string,
  input: Float32Array,
  shape: number[],
) {
  const files = [{ name: 'model.json', bytes: json }, ...[...shards].map(([name, bytes]) => ({ name, bytes }))];
  const session = await ort.InferenceSession.create(toOnnx('tfjs-graph', files, [output]));
  const port = session.inputNames[0] as string;
  const result = await session.run({ [port]: new ort.Tensor('float32', input, shape) });
  await session.release();
  return result[output] as ort.TypedTensor<'float32'>;
}

/** What TensorFlow.js answers for the network as published. */
async function answerOfTfjs(
  json: Uint8Array,
  shards: Map<string, Uint8Array>,
  output: string,
  input: Float32Array,
  shape: number[],
) {
  const { modelTopology, weightsManifest, format, signature } = JSON.parse(new TextDecoder().decode(json));
  const weightSpecs = weightsManifest.flatMap(({ weights }: { weights: object[] }) => weights);
  const weightData = new Uint8Array(Buffer.concat([...shards.values()])).buffer;
  const model = await tf.loadGraphModel({
    load: async () => ({ modelTopology, weightSpecs, weightData, format, signature }),
  });
  const [tensor, result] = tf.tidy(() => {
    const x = tf.tensor(input, shape);
    return [x, model.execute(x, output) as tf.Tensor];
  });
  const data = await result.data<'float32'>();
  const answer = { data, dims: result.shape };
  tf.dispose([tensor, result]);
  model.dispose();
  return answer;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a converted TensorFlow.js network answers as TensorFlow.js does', () => {
  it.each([
    {
      model: 'facemesh',
      size: 192,
      scale: 255,
      outputs: [
        ['output_mesh', 'Identity_2', 2e-3],
        ['output_faceflag', 'Identity_1', 1e-5],
      ],
    },
    // The portrait's code values go into this network as they are.
    { model: 'faceres', size: 224, scale: 1, outputs: [['global_pooling/Mean', 'global_pooling/Mean', 1e-4]] },
  ] as const)('$model, on the portrait', async ({ model, size, scale, outputs }) => {
    const sources = [`${HUMAN}${model}.json`, `${HUMAN}${model}.bin`] as const;
    const { files } = await fetchSources(sources, '', () => {}, undefined);
    const json = files.get(sources[0]) as Uint8Array;
    const shards = new Map([[`${model}.bin`, files.get(sources[1]) as Uint8Array]]);
    const input = cropOf(await stillOf('astronaut.png'), { x: 130, y: 20, size, offset: 0, scale });
    const shape = [1, size, size, 3];
    for (const [port, node, tolerance] of outputs) {
      const ours = await answerOfOnnx(json, shards, port, input, shape);
      const theirs = await answerOfTfjs(json, shards, node, input, shape);
      expect(ours.dims).toEqual(theirs.dims);
      expect(largestDifference(ours.data, theirs.data)).toBeLessThan(tolerance);
    }
  });

  it.each(['SAME', 'VALID'])('a network of the rarer operators, windows padded %s', async (padding) => {
    const { json, shards, input, shape } = smallGraph(padding);
    for (const output of ['classes', 'joined', 'padded']) {
      const ours = await answerOfOnnx(json, shards, output, input, shape);
      const theirs = await answerOfTfjs(json, shards, output, input, shape);
      expect(ours.dims).toEqual(theirs.dims);
      expect(largestDifference(ours.data, theirs.data)).toBeLessThan(1e-4);
      // A network that answers nothing would agree with itself.
      expect(Math.max(...ours.data)).toBeGreaterThan(0.01);
    }
  });
});

describe('a network that cannot be converted is refused with its reason', () => {
  it('names the operator that is not known', () => {
    const { json, shards } = smallGraph('SAME', 'Einsum');
    const files = [{ name: 'model.json', bytes: json }, ...[...shards].map(([name, bytes]) => ({ name, bytes }))];
    expect(() => toOnnx('tfjs-graph', files, ['joined'])).toThrow(
      'The operator Einsum ("squashed") is not known to the converter.',
    );
  });

  it('names the shard that is missing', () => {
    const { json } = smallGraph('SAME');
    expect(() => toOnnx('tfjs-graph', [{ name: 'model.json', bytes: json }], ['joined'])).toThrow(
      'The weights "small.bin" are missing; there are: none.',
    );
  });

  it('names the outputs that there are', () => {
    const { json, shards } = smallGraph('SAME');
    const files = [{ name: 'model.json', bytes: json }, ...[...shards].map(([name, bytes]) => ({ name, bytes }))];
    expect(() => toOnnx('tfjs-graph', files, ['scores'])).toThrow(
      'The graph has no node "scores"; its outputs are: classes.',
    );
  });
});
