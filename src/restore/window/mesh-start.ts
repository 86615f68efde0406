import type { Landmarks } from '../../face/landmarks.ts';
import { meshWarp } from '../../face/mesh.ts';
import { FLOW_STEP } from '../../motion/dense-flow.ts';
import type { FlowLattice } from '../../motion/flow-lattice.ts';

/**
 * Where the mesh says that each part of the face `from` lies in the patch of the face `to`: both in patch pixels of the same side
 * `size`, the lattice in pixels of a picture `scale` times smaller. Beyond the ring around the oval it is the similarity between
 * both faces.
 */
export function meshStart(from: Landmarks, to: Landmarks, size: number, scale: number): FlowLattice {
  const step = FLOW_STEP * scale;
  const nodes = Math.ceil(size / step);
  const { xy } = meshWarp(
    from.map((v) => v / step),
    to,
    nodes,
  );
  for (let j = 0, n = 0; j < nodes; j++) {
    for (let i = 0; i < nodes; i++, n += 2) {
      xy[n] = (xy[n] as number) / scale - (i + 0.5) * FLOW_STEP;
      xy[n + 1] = (xy[n + 1] as number) / scale - (j + 0.5) * FLOW_STEP;
    }
  }
  return { step: FLOW_STEP, columns: nodes, rows: nodes, xy, trust: new Float32Array(nodes * nodes) };
}
