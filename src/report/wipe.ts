import { type Html, html } from './html.ts';

/** Two pictures of the same, as addresses. */
export interface WipedPair {
  readonly before: string;
  readonly after: string;
  readonly width: number;
  readonly height: number;
  /** What they show: `Frame 1043, actor`. */
  readonly alt: string;
  /** Where the edge is: `frame 1043`. */
  readonly where: string;
}

/** Two pictures over each other, before left of an edge that is dragged and after right of it. */
export function wipe({ before, after, width, height, alt, where }: WipedPair): Html {
  return html`<div class="wipe" ${wipeShape(width, height)}>
<img src="${before}" alt="${alt}, before">
<img class="after" src="${after}" alt="${alt}, after">
${wipeEdge(where)}
</div>`;
}

/** The attribute of a wipe's element: its shape, and the edge in its middle. */
export function wipeShape(width: number, height: number): Html {
  return html`style="--edge: 50%; aspect-ratio: ${width} / ${height}"`;
}

/** What moves the edge. */
export function wipeEdge(where: string): Html {
  return html`<input type="range" min="0" max="100" value="50" step="0.5" aria-label="Edge between before and after, ${where}">`;
}
