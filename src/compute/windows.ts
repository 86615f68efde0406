import type { Figures, Image } from './image.ts';

/** The frames of a window in one geometry and brightness: squares of one even side; `lumas` and `look` at half of it. */
export interface WindowImages {
  /** 3 planes. */
  readonly centre: Image;
  /** Of the centre, then of each neighbour. */
  readonly lumas: Image;
  /** Above 0 where the window is looked at. */
  readonly where: Image;
  /** 1 where all four pixels are looked at, else 0. */
  readonly look: Image;
  /** 3 planes each, the nearest first. */
  readonly neighbours: Image;
}

export interface DirtCandidateOptions {
  /** Standard deviation of the Gaussian before frames are compared, pixels of the half size. */
  readonly sigma: number;
  /** Least difference to every neighbour, 0 … 1; in expressive regions times `expressiveFactor`. */
  readonly threshold: number;
  readonly expressiveFactor: number;
  /** How much the neighbours' own disagreement adds to it. */
  readonly ofDisagreement: number;
  /** How far around a candidate the neighbours are searched for what moved there, pixels of the half size. */
  readonly reach: number;
}

export interface TemporalMeanOptions {
  /** Distance at which a neighbour counts e⁻¹, 0 … 1. */
  readonly tolerance: number;
  /** Blur of differences, and of their squares, standard deviations in pixels of the half size. */
  readonly blur: number;
  readonly spread: number;
  /** Distance up to which frames count as alike, in that of an ordinary place. */
  readonly ordinary: number;
  /** How much more a difference counts in the eyes, where only the ordinary distance itself is alike. */
  readonly inEyes: number;
  /** What neighbours' weights are multiplied by, 0 … 1. */
  readonly trust: number;
}

export interface OwnShadingOptions {
  /** Standard deviation of the blur beyond which shading is the frame's own, pixels of the half size. */
  readonly coarse: number;
  /** Softness of the expressive regions' edge, the same. */
  readonly soft: number;
}

/** What a mean takes the centre's own light from. */
export interface ShadingImages extends Pick<WindowImages, 'centre' | 'where'> {
  /** 1 where the centre's samples are its own, 0 where they are dirt. */
  readonly own: Image;
  /** 1 in expressive regions, else 0; half the side. */
  readonly expressive: Image;
}

/** What is done with a window of frames. */
export interface WindowOperations {
  /**
   * Where a frame may hold dirt, before its shape is judged. Four planes at half size: 1 where the blurred luma is brighter than in all
   * neighbours, or darker, by more than the threshold and their disagreement (SDIp, Kokaram 1998); the least difference to any neighbour,
   * −1 where not looked at; the largest; and, where the first is 1, by how much it is brighter or darker than all that any neighbour shows
   * within `reach`, 0 or less where one shows as much: what moved there.
   *
   * @param window with the neighbours that are compared
   * @param expressive 1 in expressive regions, at half size
   */
  dirtCandidates(window: Pick<WindowImages, 'lumas' | 'look'>, expressive: Image, options: DirtCandidateOptions): Image;
  /**
   * Energy of each luma's curvature to the right, down, and along both diagonals, over `lag` pixels after a Gaussian of `sigma`, where all
   * three samples are looked at.
   */
  curvature(
    lumas: Image,
    look: Image,
    options: { readonly sigma: number; readonly lag: number },
  ): Figures<readonly (readonly number[])[]>;
  /**
   * The mean over the centre and its aligned neighbours, every pixel weighted by how alike the frames are around it: exp(−d² / h²) of
   * the patch distance d beyond what an ordinary place has, its median (Buades, Coll and Morel 2005, in time). The centre's own where the
   * window is not looked at. `weights`: frames that were averaged, by weight, pixel by pixel; `averaged`: their mean over what is looked at.
   *
   * @param own the centre's weight, 0 … 1: 0 where it holds dirt, which the neighbours then fill
   * @param eyes 1 in the eyes, at half size
   */
  temporalMean(
    window: WindowImages,
    own: Image,
    eyes: Image,
    options: TemporalMeanOptions,
  ): { readonly rgb: Image; readonly weights: Image; readonly averaged: Figures<number> };
  /**
   * A mean (3 planes) with the centre's own coarse light in expressive regions, where the window is looked at and the centre's samples
   * are its own.
   */
  withOwnShading(mean: Image, shading: ShadingImages, options: OwnShadingOptions): Image;
}
