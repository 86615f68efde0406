import { HEAT_GRADIENT } from './heat.ts';

/**
 * Greys without a hue, so that the page does not disturb the judgement of its pictures. The surround is dark, as in a grading
 * room (ISO 3664 asks for a neutral surround). Text reaches a contrast of 7:1 (WCAG 2.2, 1.4.6).
 */
export const PAGE_STYLE = `
:root {
  --ground: #1c1c1c; --panel: #262626; --edge-line: #3d3d3d; --text: #d9d9d9; --quiet: #a8a8a8; --strong: #f2f2f2;
  --first: #e0e0e0; --second: #8f8f8f; --cast: #c9c9c9; --uncast: #5c5c5c; --warn: #d8c08a;
  --zoom: 1; --dpr: 1;
}
:root:has(#zoom-2:checked) { --zoom: 2; }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); }
body { margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 3rem; max-width: 100rem;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1, h2, h3 { color: var(--strong); font-weight: 600; line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: .1rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: 0 0 .9rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .5rem; } h3 small { font-weight: 400; margin-left: .6rem; }
section { margin-top: 2.75rem; }
.brand { margin: 0; color: var(--quiet); letter-spacing: .04em; }
.lead { margin: 0; max-width: 60rem; }
.hint, small, footer { color: var(--quiet); }
.hint { margin: -.5rem 0 1rem; max-width: 60rem; } .below { margin: .8rem 0 0; }
code { font: .85em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
dl { margin: 0; } dd { margin: 0; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1px; margin-top: 2rem;
  background: var(--panel); border: 1px solid var(--edge-line); border-radius: 6px; overflow: hidden; }
.figures div { padding: 1rem 1.1rem; box-shadow: 0 0 0 1px var(--edge-line); }
.figures dt { color: var(--quiet); }
.figures dd { font-size: 1.7rem; line-height: 1.2; color: var(--strong); }
.figures small { display: block; font-size: .85rem; margin-top: .2rem; }

.attention { padding: 1.2rem 1.4rem; border-left: 3px solid var(--warn); background: var(--panel); border-radius: 0 6px 6px 0; }
.attention h2 { color: var(--warn); }
.attention ul { margin: 0; padding-left: 1.2rem; }

.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; }
figcaption { margin-top: .45rem; color: var(--quiet); }
figcaption b { color: var(--text); font-weight: 600; }
.wipe { position: relative; overflow: hidden; border-radius: 3px; background: #000; }
.wipe img { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.wipe .after { clip-path: inset(0 0 0 var(--edge)); }
.wipe::after { content: ""; position: absolute; inset: 0 auto 0 var(--edge); width: 2px; margin-left: -1px; background: #fff; opacity: .75;
  box-shadow: 0 0 3px #000; pointer-events: none; }
.wipe input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
.wipe:focus-within { outline: 2px solid var(--strong); outline-offset: 2px; }

.strip { display: flex; gap: .75rem; margin: 0 0 1rem; padding: 0 0 .75rem; list-style: none; overflow-x: auto; }
.strip li { flex: 0 0 9.5rem; font-size: .85rem; }
.strip img, .strip .blank { display: block; width: 100%; border-radius: 3px; background: #000; margin-bottom: .35rem; }
.strip .blank { aspect-ratio: 16 / 9; }
.strip span, .strip small { display: block; }
.strip b { color: var(--strong); margin-right: .35rem; }
.timeline { width: 100%; display: block; }
.timeline .shot { fill: #3a3a3a; } .timeline .odd { fill: #4c4c4c; }
.timeline .cast rect { fill: var(--cast); } .timeline .cast text { fill: #141414; }
.timeline .uncast rect { fill: var(--uncast); } .timeline .uncast text { fill: var(--strong); }
.timeline text { font-size: 10px; }

.track { border-top: 1px solid var(--edge-line); padding: .7rem 0; }
.track:last-child { border-bottom: 1px solid var(--edge-line); }
summary { cursor: pointer; }
.track summary span { margin-left: .9rem; color: var(--quiet); white-space: nowrap; }
.track summary .cast { color: var(--strong); } .track summary .uncast { color: var(--quiet); font-style: italic; }
.outcome { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: .9rem 0 .4rem; }
.outcome dt { color: var(--quiet); font-size: .85rem; } .outcome dd { color: var(--strong); font-size: 1.15rem; }
.outcome small { margin-left: .5rem; font-size: .8rem; }
.zoom { border: 0; padding: 0; margin: -.5rem 0 1rem; color: var(--quiet); display: flex; flex-wrap: wrap; gap: 0 1.2rem; }
.zoom label { cursor: pointer; } .zoom input { accent-color: var(--strong); margin: 0 .4rem 0 0; }
.sheet { margin: 1.1rem 0 1.4rem; } .sheet > figcaption { margin: 0 0 .5rem; }
.layers { display: flex; gap: .6rem; overflow-x: auto; padding-bottom: .5rem; align-items: flex-start; }
.layers figure { flex: none; width: calc(var(--w) * var(--zoom) / var(--dpr) * 1px); }
.layers img { width: 100%; height: auto; display: block; background: #000; image-rendering: pixelated; }
.layers figcaption { font-size: .82rem; line-height: 1.3; margin-top: .3rem; color: var(--text); }
.layers small { display: block; }
.heat { display: block; height: 4px; margin-top: .25rem; background: ${HEAT_GRADIENT}; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.2rem 2rem; padding: 1rem 0 .6rem; }
.chart figcaption { margin: 0 0 .3rem; color: var(--text); font-size: .9rem; }
.chart svg { width: 100%; display: block; }
.chart path { fill: none; }
.grid { stroke: var(--edge-line); }
.band { fill: var(--warn); opacity: .22; } .chart .runs { fill: var(--first); } .track-line { stroke: var(--edge-line); }
.mark { stroke: var(--warn); stroke-dasharray: 4 4; }
.axis { fill: var(--quiet); font-size: 11px; }
svg .series-0 path { stroke: var(--first); stroke-width: 1.6; } svg .series-0 circle { fill: var(--first); }
svg .series-2 path { stroke: var(--uncast); stroke-width: 1; } svg .series-2 circle { fill: var(--uncast); }
svg .series-1 path { stroke: var(--second); stroke-width: 1.6; stroke-dasharray: 5 2; } svg .series-1 circle { fill: var(--second); }
.legend { float: right; } .legend span { margin-left: .9rem; color: var(--quiet); }
.legend span::before { content: ""; display: inline-block; width: 1.4em; margin-right: .4em; vertical-align: .25em; border-top: 2px solid var(--first); }
.legend .series-1::before { border-top: 2px dashed var(--second); } .legend .series-2::before { border-top-color: var(--uncast); border-top-width: 1px; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem 1.2rem .4rem 0; border-bottom: 1px solid var(--edge-line); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 500; }
tbody th { font-weight: 500; } .numbers td, .numbers tbody th { white-space: nowrap; }
.numbers { width: auto; } .numbers .total { color: var(--strong); font-weight: 600; } .numbers td, .numbers thead th:not(:first-child) { text-align: right; padding: .4rem 0 .4rem 1.6rem; }
.facts div { display: grid; grid-template-columns: 11rem 1fr; gap: 1rem; padding: .3rem 0; border-bottom: 1px solid var(--edge-line); }
.facts dt { color: var(--quiet); } .facts dd { overflow-wrap: anywhere; }
footer { margin-top: 3rem; font-size: .9rem; }
:focus-visible { outline: 2px solid var(--strong); outline-offset: 2px; }
@media (max-width: 40rem) { .facts div { grid-template-columns: 1fr; gap: 0; } }

@media (prefers-color-scheme: light) {
  :root { --ground: #e4e4e4; --panel: #efefef; --edge-line: #c2c2c2; --text: #1f1f1f; --quiet: #4a4a4a; --strong: #000;
    --first: #111; --second: #6d6d6d; --cast: #4a4a4a; --uncast: #8d8d8d; --warn: #6d4f06; }
  .timeline .shot { fill: #c6c6c6; } .timeline .odd { fill: #aeaeae; } .timeline .cast text { fill: #fff; } .timeline .uncast text { fill: #000; }
}

@media print {
  :root { --ground: #fff; --panel: #fff; --edge-line: #bbb; --text: #111; --quiet: #444; --strong: #000;
    --first: #000; --second: #777; --cast: #ccc; --uncast: #888; --warn: #553; }
  html { color-scheme: light; } body { padding: 0; max-width: none; font-size: 10pt; }
  section { break-inside: auto; margin-top: 1.4rem; } figure, .track summary, tr { break-inside: avoid; }
  .wipe { aspect-ratio: auto !important; display: grid; grid-template-columns: 1fr 1fr; gap: 2px; background: none; }
  .wipe img { position: static; height: auto; } .wipe .after { clip-path: none; } .wipe::after, .wipe input, .hint:not(.below) { display: none; }
  .zoom { display: none; } .layers { flex-wrap: wrap; overflow: visible; } .layers figure { width: calc(var(--w) * .6px); } .sheet, .chart { break-inside: avoid; }
  .strip { flex-wrap: wrap; overflow: visible; } .timeline .shot { fill: #ddd; } .timeline .odd { fill: #bbb; } .timeline .cast text, .timeline .uncast text { fill: #000; }
}
`;
