import { faceRenderer } from '../render/face-renderer.ts';
import type { FaceRenderer } from '../render/face-rendering.ts';
import { moved, serve } from './rpc.ts';

const renderer = faceRenderer();

// What is made of a region moves back to whoever moved the region here.
const service: FaceRenderer = {
  ...renderer,
  async lift(face) {
    const region = await renderer.lift(face);
    return moved(region, [region.bytes.buffer]);
  },
  async comp(face) {
    const comped = await renderer.comp(face);
    return 'refused' in comped ? comped : moved(comped, [comped.region.bytes.buffer, comped.matte.buffer]);
  },
  async keyframe(face) {
    const restored = await renderer.keyframe(face);
    return 'refused' in restored ? restored : moved(restored, [restored.rgb.buffer, restored.matte.buffer]);
  },
  async still(face) {
    const still = await renderer.still(face);
    return still && moved(still, [still.rgb.buffer]);
  },
};

serve(service);
