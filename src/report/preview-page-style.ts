/** What a preview's page has beside the style of every page. */
export const PREVIEW_STYLE = `
a { color: inherit; }
.running { margin: 1rem 0 0; color: var(--warn); }
.stills { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 32rem), 1fr)); gap: 1.5rem; }
.stills .pair:first-child { grid-column: 1 / -1; }
.pair select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--edge-line); border-radius: 3px; margin-right: 1rem; max-width: 100%; }
.clip canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.clip video { position: absolute; inset: 0; width: 100%; height: 100%; }
.clip.drawn video { visibility: hidden; } .clip:not(.drawn) input, .clip:not(.drawn) canvas { display: none; } .clip:not(.drawn)::after { display: none; }
button { font: inherit; color: var(--strong); background: var(--panel); border: 1px solid var(--edge-line); border-radius: 4px; padding: .25rem .9rem; cursor: pointer; }
.grid-clip, .sheet-picture { display: block; max-width: 100%; height: auto; background: #000; border-radius: 3px; }
.faces { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; }
.layers small { display: inline; }
.command { margin: 0; padding: .8rem 1rem; background: var(--panel); border: 1px solid var(--edge-line); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
`;
