import type { FaceRenderer } from '../render/face-rendering.ts';
import { moved } from './rpc.ts';

/** A renderer as it is served: what is made of a region moves back to whoever moved the region here. */
export function movingRenderer(renderer: FaceRenderer): FaceRenderer {
  return {
    ...renderer,
    async lift(face) {
      const lifted = await renderer.lift(face);
      return moved(lifted, [lifted.region.bytes.buffer]);
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
}
