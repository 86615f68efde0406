import { z } from 'zod';

const runs = z.int().nonnegative();

/** Why a network was run. */
const purposes = z.strictObject({
  /** The whole picture was searched for new faces (a tile is a run). */
  sweep: runs,
  /** A followed face was looked at again from scratch. */
  anchor: runs,
  /** A followed face was looked at to follow it. */
  follow: runs,
  /** A reused answer was checked. */
  audit: runs,
});

/** Runs of each network on the reel's frames. Stills of references are not counted: they are embedded once and kept. */
export const inferenceSchema = z.strictObject({
  detector: purposes,
  landmarker: purposes,
  recogniser: purposes,
});

export type InferenceCounts = z.infer<typeof inferenceSchema>;
export type Network = keyof InferenceCounts;
export type Purpose = keyof InferenceCounts[Network];

const NONE = { sweep: 0, anchor: 0, follow: 0, audit: 0 };

/** What a run that found everything in the cache reports. */
export const NO_INFERENCE: InferenceCounts = { detector: NONE, landmarker: NONE, recogniser: NONE };

export function addCounts(a: InferenceCounts, b: InferenceCounts): InferenceCounts {
  const sum = (network: Network) => ({
    sweep: a[network].sweep + b[network].sweep,
    anchor: a[network].anchor + b[network].anchor,
    follow: a[network].follow + b[network].follow,
    audit: a[network].audit + b[network].audit,
  });
  return { detector: sum('detector'), landmarker: sum('landmarker'), recogniser: sum('recogniser') };
}

/** All runs of one network, or of all. */
export function totalRuns(counts: InferenceCounts, network?: Network): number {
  const networks = network ? [counts[network]] : Object.values(counts);
  return networks.reduce((sum, { sweep, anchor, follow, audit }) => sum + sweep + anchor + follow + audit, 0);
}
