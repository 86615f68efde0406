import sharp from 'sharp';
import { FACE_JPEG } from './face-jpeg.ts';
import { type Html, html } from './html.ts';
import { wipe } from './wipe.ts';

/** The same part of a frame before and after; pictures of any size, the same for both, as PNG. */
export interface PicturePair {
  /** Counted from 0. */
  readonly frame: number;
  /** What is seen, such as `f1043, actor`. */
  readonly caption: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A picture as a `data:` address. */
export async function embedded(png: Uint8Array): Promise<string> {
  const jpeg = await sharp(png).jpeg(FACE_JPEG).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

/** A picture whose edge between before and after can be moved. `first` is what people call frame 0. */
export async function pairFigure(pair: PicturePair, first: number): Promise<Html> {
  const [before, after, { width, height }] = await Promise.all([
    embedded(pair.before),
    embedded(pair.after),
    sharp(pair.before).metadata(),
  ]);
  const frame = pair.frame + first;
  const { caption } = pair;
  const alt = `Frame ${frame}, ${caption}`;
  return html`<figure class="pair">
${wipe({ before, after, width, height, alt, where: `frame ${frame}` })}
<figcaption><b>${frame}</b> ${caption}</figcaption>
</figure>`;
}
