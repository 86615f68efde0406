import type { Upscaler } from '../face/networks.ts';
import { expectTask, type PicturePort } from './contract.ts';
import type { Opened, OpenOptions } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { openSession } from './session.ts';

/**
 * Opens the enlarger `id`, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openUpscaler(
  library: ModelLibrary,
  id: string,
  options: OpenOptions = {},
): Promise<Opened<Upscaler>> {
  const contract = expectTask(await library.contract(id), 'upscale');
  const session = await openSession(await library.pull(id, options), contract, options);
  const { input, decoder } = contract;
  const order = placesOf(input);
  return {
    id: contract.id,
    device: session.device,
    factor: decoder.factor,
    reach: decoder.reach,
    async upscale(rgb, width, height) {
      const count = width * height;
      const asked = new Float32Array(3 * count);
      for (let c = 0; c < 3; c++) {
        const { low, gain } = scaleOfRange(input.range, order.channel(c));
        const { start, step } = order.place(c, count);
        for (let i = 0, o = start; i < count; i++, o += step) asked[o] = low + gain * (rgb[c * count + i] as number);
      }
      const shape = input.layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
      const answer = (await session.run(asked, shape)).get(decoder.output) as Float32Array;
      const area = count * decoder.factor ** 2;
      const out = new Float32Array(3 * area);
      for (let c = 0; c < 3; c++) {
        const { low, gain } = scaleOfRange(decoder.range, order.channel(c));
        const { start, step } = order.place(c, area);
        for (let i = 0, o = start; i < area; i++, o += step) out[c * area + i] = ((answer[o] as number) - low) / gain;
      }
      return out;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Where the red, green and blue of a picture lie in a tensor of the port's layout and channel order. */
function placesOf({ layout, channels }: PicturePort) {
  const channel = (c: number) => (channels === 'RGB' ? c : 2 - c);
  return {
    channel,
    place: (c: number, count: number) =>
      layout === 'NHWC' ? { start: channel(c), step: 3 } : { start: channel(c) * count, step: 1 },
  };
}

/** What black is, and how far from it white, in one channel. */
function scaleOfRange(range: PicturePort['range'], channel: number) {
  const [low, high] = (Array.isArray(range[0]) ? range[channel] : range) as [number, number];
  return { low, gain: high - low };
}
