import sharp from 'sharp';
import { type Html, html } from './html.ts';

/** The same part of a frame before and after; pictures of any size, the same for both, as PNG. */
export interface PicturePair {
  /** Counted from 0. */
  readonly frame: number;
  /** What is seen, such as `f1043, actor`. */
  readonly caption: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A PNG as a `data:` address: JPEG without chroma subsampling: a tenth of the PNG, and still good to judge a face by. */
export async function embedded(png: Uint8Array): Promise<string> {
  const jpeg = await sharp(png).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
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
  return html`<figure class="pair">
<div class="wipe" style="--edge: 50%; aspect-ratio: ${width} / ${height}">
<img src="${before}" alt="Frame ${frame}, ${pair.caption}, before">
<img class="after" src="${after}" alt="Frame ${frame}, ${pair.caption}, after">
<input type="range" min="0" max="100" value="50" step="1" aria-label="Edge between before and after, frame ${frame}">
</div>
<figcaption><b>${frame}</b> ${pair.caption}</figcaption>
</figure>`;
}
