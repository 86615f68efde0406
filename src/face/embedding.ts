/** A recogniser's answer: `Float32Array` of length 1 (L2); the model decides the number of elements. */
export type Embedding = Float32Array;

/** The vector scaled to length 1. A zero vector has no direction and stays zero. */
export function normalised(vector: Float32Array): Embedding {
  let sum = 0;
  for (const v of vector) sum += v * v;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  return vector.map((v) => v * scale);
}

/** The mean of vectors of one length by their weights; their plain mean where all weigh nothing, and zero where there are none. */
export function weightedMean(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, k) => {
    const share = total > 0 ? (weights[k] as number) / total : 1 / vectors.length;
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + share * (vector[i] as number);
  });
  return Float32Array.from(mean);
}

/** Cosine of the angle between two embeddings of the same model: −1 … 1, 1 = the same. */
export function similarity(a: Embedding, b: Embedding): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
