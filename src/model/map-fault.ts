import type { Ports } from './decoder.ts';

/**
 * What is wrong with an output that should have `maps` planes as large as the picture that goes in, one after another; a sentence
 * without its full stop, or null. A single map may also lie as NHWC has it, which is the same.
 */
export function mapFault(output: string, { inputs, outputs }: Ports, maps: number): string | null {
  const picture = inputs.find((port) => port.kind === 'picture');
  const port = outputs.find(({ name }) => name === output);
  if (!picture || !port) return null;
  const [height, width] = picture.layout === 'NHWC' ? picture.shape.slice(1, 3) : picture.shape.slice(2);
  const shapes = [[1, maps, height, width], ...(maps === 1 ? [[1, height, width, 1]] : [])].map(
    (shape) => `[${shape.join(', ')}]`,
  );
  const own = `[${port.shape.join(', ')}]`;
  return shapes.includes(own)
    ? null
    : `its output "${output}" should have the shape ${shapes.join(' or ')}, but has ${own}`;
}
