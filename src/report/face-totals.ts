import type { FaceFigures } from './face-figures.ts';

/** All faces of a run together, by frames. */
export interface FaceTotals {
  readonly tracks: number;
  /** Faces that were left alone, a frame each. */
  readonly refused: number;
  /** Sharpness of the output over the plate's; null where nothing was restored. */
  readonly sharpness: number | null;
  /** Mean of the output's cosine to the stills less the plate's; null where nobody was cast. */
  readonly likenessGain: number | null;
}

export function faceTotals(tracks: readonly FaceFigures[]): FaceTotals {
  const sum = (of: (face: FaceFigures) => number) => tracks.reduce((total, face) => total + of(face), 0);
  const before = sum(({ restored, sharpness }) => restored * (sharpness?.before ?? 0));
  const after = sum(({ restored, sharpness }) => restored * (sharpness?.after ?? 0));
  const samples = sum(({ likeness }) => likeness?.sampled ?? 0);
  const gain = sum(({ likeness }) => (likeness ? likeness.sampled * likeness.gain : 0));
  return {
    tracks: tracks.filter(({ restored }) => restored > 0).length,
    refused: sum(({ refused }) => refused),
    sharpness: before > 0 ? after / before : null,
    likenessGain: samples > 0 ? gain / samples : null,
  };
}
