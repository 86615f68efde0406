export const PATCH_ALPHAS = ['premultiplied', 'straight'] as const;

/** Whether a patch's colour has been multiplied by its alpha. */
export type PatchAlpha = (typeof PATCH_ALPHAS)[number];
