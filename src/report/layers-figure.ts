import { type Html, html } from './html.ts';

/** A face as pictures beside each other. */
export interface LayersFigure {
  /** In the reel's own numbering. */
  readonly frame: number;
  /** Which face it is, and why it is shown. */
  readonly caption: string;
  /** What the pictures are together. */
  readonly label: string;
  /** Of each picture, plate pixels. */
  readonly width: number;
  readonly height: number;
  readonly layers: readonly { readonly source: string; readonly alt: string; readonly caption: Html }[];
}

/** A face pixel by pixel in several pictures; the page's zoom doubles them. */
export function layersFigure({ frame, caption, label, width, height, layers }: LayersFigure): Html {
  return html`<figure class="sheet" style="--w: ${width}"><figcaption><b>${frame}</b> ${caption}</figcaption>
<div class="layers" tabindex="0" aria-label="Frame ${frame}, ${label}">${layers.map(
    ({ source, alt, caption: below }) =>
      html`<figure><img src="${source}" width="${width}" height="${height}" alt="Frame ${frame}, ${alt}"><figcaption>${below}</figcaption></figure>`,
  )}</div></figure>`;
}

/** @param change 8-bit levels; see `FaceMeasure.change` */
export function changedMost(change: number): string {
  return `changed most: ${change.toFixed(1)} levels of 255 beyond grain`;
}

/** What chooses the zoom of the figures. */
export function zoomChoice(what: string): Html {
  return html`<fieldset class="zoom"><span>${what}</span>
<label><input type="radio" name="zoom" id="zoom-1" aria-label="One pixel a pixel" checked>1 : 1</label>
<label><input type="radio" name="zoom" id="zoom-2" aria-label="Four pixels a pixel, each as a square">2 : 1, as squares</label></fieldset>`;
}
