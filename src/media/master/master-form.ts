/** What of sound a master has; see the presets' schema for the words. */
export type SoundForm = 'pcm' | 'flac' | 'aac' | 'none';

/** What a master is to be, as a master preset states it. */
export interface MasterForm {
  readonly name: string;
  readonly container: 'mov' | 'mp4' | 'mkv' | 'mxf' | 'frames';
  /** True for a copy to look at. */
  readonly review: boolean;
  readonly picture: {
    readonly codec: 'prores' | 'dnxhr' | 'ffv1' | 'h264' | 'h265' | 'jpeg2000' | 'dpx' | 'tiff';
    readonly encoder?: string;
    readonly profile?: string;
    readonly rateFactor?: number;
    readonly speed?: string;
    readonly samples: readonly string[];
    readonly options: Readonly<Record<string, string | number>>;
  };
  readonly sound: SoundForm;
  readonly soundRate?: number;
  /** Least PSNR, dB, and SSIM of any frame; null = every sample. */
  readonly floors: { readonly psnr: number; readonly ssim: number } | null;
}

/** What can be burned into a copy to look at. */
export const BURN_INS = ['timecode', 'frame', 'name'] as const;
export type BurnIn = (typeof BURN_INS)[number];

/** What people ask of copies to look at, beside what their preset states. */
export interface ReviewLook {
  readonly burnIn: readonly BurnIn[];
  /** The size to fit into, pixels; one side alone follows from the other. */
  readonly scale?: { readonly width?: number | undefined; readonly height?: number | undefined } | undefined;
  /** True: bars fill what the picture leaves of `scale`. */
  readonly pad: boolean;
  /** A .cube file laid over the picture as a screen shows it. */
  readonly lut?: string | undefined;
}

/** True where a copy's pictures are changed beyond their coding, so that they have to be upright first. */
export function changesPicture({ burnIn, scale, lut }: ReviewLook): boolean {
  return burnIn.length > 0 || scale !== undefined || lut !== undefined;
}

/** What the master's file name ends in; of frames, that of each. */
export function extensionOf({ container, picture }: MasterForm): string {
  if (container !== 'frames') return `.${container}`;
  return picture.codec === 'tiff' ? '.tif' : '.dpx';
}
