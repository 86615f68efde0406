import { FLOW_STEP } from '../../../motion/dense-flow.ts';
import { SMALLEST_SIDE } from '../../../motion/pyramid.ts';
import { FLOW_PICTURE } from '../../cpu/window/flow-pyramid.ts';

/** A resolution of a flow picture, and the lattice over it. */
interface FlowLevel {
  readonly side: number;
  /** Its first sample among those of all levels. */
  readonly first: number;
  /** Nodes across its lattice, and down. */
  readonly columns: number;
  /** Its first node among those of all levels. */
  readonly firstNode: number;
}

interface FlowLevels {
  readonly levels: readonly FlowLevel[];
  /** Samples of all levels together, and nodes. */
  readonly total: number;
  readonly nodes: number;
}

/** How the levels of a square picture lie one after another: the same as `pyramidOf` makes. */
export function flowLevels(finest: number): FlowLevels {
  const levels: FlowLevel[] = [];
  let total = 0;
  let nodes = 0;
  for (
    let side = finest;
    levels.length === 0 || (levels.length < FLOW_PICTURE.LEVELS && side >= SMALLEST_SIDE);
    side >>= 1
  ) {
    const columns = Math.ceil(side / FLOW_STEP);
    levels.push({ side, first: total, columns, firstNode: nodes });
    total += side * side;
    nodes += columns * columns;
  }
  return { levels, total, nodes };
}

/** WGSL: the side of a level, and the first of its samples and nodes, of a picture whose finest side is `finest`. */
export const FLOW_LEVELS = `
const STEP = ${FLOW_STEP}u;
fn side_of(finest: u32, level: u32) -> u32 { return finest >> level; }
fn columns_of(side: u32) -> u32 { return (side + STEP - 1u) / STEP; }
fn level_start(finest: u32, level: u32) -> u32 {
  var first = 0u;
  for (var k = 0u; k < level; k++) {
    let side = side_of(finest, k);
    first += side * side;
  }
  return first;
}
fn node_start(finest: u32, level: u32) -> u32 {
  var first = 0u;
  for (var k = 0u; k < level; k++) {
    let columns = columns_of(side_of(finest, k));
    first += columns * columns;
  }
  return first;
}
`;
