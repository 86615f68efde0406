/** A recogniser's answer: `Float32Array` of length 1 (L2); the model decides the number of elements. */
export type Embedding = Float32Array;

/** The vector scaled to length 1. A zero vector has no direction and stays zero. */
export function normalised(vector: Float32Array): Embedding {
  let sum = 0;
  for (const v of vector) sum += v * v;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  return vector.map((v) => v * scale);
}

/** Cosine of the angle between two embeddings of the same model: −1 … 1, 1 = the same. */
export function similarity(a: Embedding, b: Embedding): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
