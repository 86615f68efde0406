interface SmallGraph {
  readonly json: Uint8Array;
  readonly shards: Map<string, Uint8Array>;
  readonly input: Float32Array;
  readonly shape: number[];
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
const FLOAT = { type: 'DT_FLOAT' };

/**
 * A TensorFlow.js graph of the operators that the default models use rarely or not: strides on odd sizes, dilations, a depthwise
 * multiplier, padding on both sides, concatenation, quantised weights, a fully connected layer.
 *
 * `squash` replaces the operator of the node "squashed".
 */
export function smallGraph(padding: string, squash = 'Relu6'): SmallGraph {
  const wave = (n: number, step: number) => Float32Array.from({ length: n }, (_, k) => Math.sin(step * (k + 1)));
  const weights: { name: string; shape: number[]; dtype: string; quantization?: object }[] = [];
  const chunks: Uint8Array[] = [];
  const nodes: object[] = [];
  const constant = (
    name: string,
    shape: number[],
    data: Float32Array | Int32Array | Uint8Array,
    quantization?: object,
  ) => {
    weights.push({
      name,
      shape,
      dtype: data instanceof Int32Array ? 'int32' : 'float32',
      ...(quantization && { quantization }),
    });
    chunks.push(new Uint8Array(data.buffer));
    nodes.push({ name, op: 'Const', attr: { dtype: { type: data instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT' } } });
  };
  const conv = {
    T: FLOAT,
    data_format: { s: base64('NHWC') },
    padding: { s: base64(padding) },
    explicit_paddings: { list: {} },
  };

  constant('filter', [3, 3, 3, 4], wave(108, 0.7));
  constant('bias', [4], wave(4, 1.3));
  const codes = Uint8Array.from({ length: 3 * 2 * 4 * 2 }, (_, k) => (k * 37) % 256);
  constant('depthFilter', [3, 2, 4, 2], codes, { dtype: 'uint8', scale: 0.01, min: -1.2 });
  constant('paddings', [4, 2], Int32Array.of(0, 0, 1, 2, 2, 1, 0, 3));
  constant('row', [8], wave(8, 0.4));
  constant('axis', [], Int32Array.of(3));
  constant('axes', [2], Int32Array.of(1, 2));
  constant('matrix', [16, 5], wave(80, 0.31));
  constant('matrixBias', [5], wave(5, 2));
  constant('flat', [2], Int32Array.of(-1, 16));

  nodes.push(
    {
      name: 'x',
      op: 'Placeholder',
      attr: { dtype: FLOAT, shape: { shape: { dim: [-1, 13, 10, 3].map((size) => ({ size: String(size) })) } } },
    },
    {
      name: 'first',
      op: '_FusedConv2D',
      input: ['x', 'filter', 'bias'],
      attr: {
        ...conv,
        strides: ints(1, 2, 2, 1),
        dilations: ints(1, 1, 1, 1),
        fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
        num_args: { i: '1' },
      },
    },
    {
      name: 'depth',
      op: 'DepthwiseConv2dNative',
      input: ['first', 'depthFilter'],
      attr: { ...conv, strides: ints(1, 1, 1, 1), dilations: ints(1, 2, 2, 1) },
    },
    { name: 'squashed', op: squash, input: ['depth'], attr: { T: FLOAT } },
    { name: 'shifted', op: 'Sub', input: ['squashed', 'row'], attr: { T: FLOAT } },
    { name: 'joined', op: 'ConcatV2', input: ['squashed', 'shifted', 'axis'], attr: { T: FLOAT, N: { i: '2' } } },
    { name: 'padded', op: 'Pad', input: ['joined', 'paddings'], attr: { T: FLOAT } },
    { name: 'mean', op: 'Mean', input: ['joined', 'axes'], attr: { T: FLOAT, keep_dims: { b: true } } },
    { name: 'features', op: 'Reshape', input: ['mean', 'flat'], attr: { T: FLOAT } },
    {
      name: 'logits',
      op: '_FusedMatMul',
      input: ['features', 'matrix', 'matrixBias'],
      attr: {
        T: FLOAT,
        transpose_a: { b: false },
        transpose_b: { b: false },
        num_args: { i: '1' },
        fused_ops: { list: { s: [base64('BiasAdd')] } },
      },
    },
    { name: 'classes', op: 'Softmax', input: ['logits'], attr: { T: FLOAT } },
  );

  const json = {
    format: 'graph-model',
    signature: { inputs: { x: { name: 'x:0' } }, outputs: { classes: { name: 'classes:0' } } },
    modelTopology: { node: nodes, versions: {} },
    weightsManifest: [{ paths: ['small.bin'], weights }],
  };
  return {
    json: new TextEncoder().encode(JSON.stringify(json)),
    shards: new Map([['small.bin', new Uint8Array(Buffer.concat(chunks))]]),
    input: wave(13 * 10 * 3, 0.17),
    shape: [1, 13, 10, 3],
  };
}
