import { compCases } from './comp-cases.ts';
import { drawnPortrait } from './drawn-portrait.ts';
import type { GoldenCase } from './golden-case.ts';
import { goldenRestorerCases } from './restorer-cases.ts';
import { trackingCases } from './tracking-cases.ts';
import { wholePathCases } from './whole-path-cases.ts';

/** Every golden frame, in the order in which they are pinned. */
export async function goldenCases(): Promise<readonly GoldenCase[]> {
  const portrait = await drawnPortrait();
  return [
    ...goldenRestorerCases(portrait),
    ...compCases(portrait),
    ...trackingCases(portrait),
    ...wholePathCases(portrait),
  ];
}
