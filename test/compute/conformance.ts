import { carryingCases } from './carrying-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { filterCases } from './filter-cases.ts';
import { flowCases } from './flow-cases.ts';
import { grainCases } from './grain-cases.ts';
import { imageCases } from './image-cases.ts';
import { leftGrainCases } from './left-grain-cases.ts';
import { lightCases } from './light-cases.ts';
import { maskCases } from './mask-cases.ts';
import { measureCases } from './measure-cases.ts';
import { pixelCases } from './pixel-cases.ts';
import { plateCases } from './plate-cases.ts';
import { registerCases } from './register-cases.ts';
import { stillCases } from './still-cases.ts';
import { stillDetailCases } from './still-detail-cases.ts';
import { tileCases } from './tile-cases.ts';
import { warpCases } from './warp-cases.ts';
import { windowCases } from './window-cases.ts';

/** What every backend must answer: each operation, each with its tolerance. */
export function conformanceCases(): readonly ConformanceCase[] {
  return [
    ...imageCases(),
    ...plateCases(),
    ...maskCases(),
    ...pixelCases(),
    ...filterCases(),
    ...tileCases(),
    ...flowCases(),
    ...windowCases(),
    ...grainCases(),
    ...leftGrainCases(),
    ...registerCases(),
    ...stillCases(),
    ...stillDetailCases(),
    ...carryingCases(),
    ...warpCases(),
    ...lightCases(),
    ...measureCases(),
  ];
}
