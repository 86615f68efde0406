import { type Html, html } from './html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** What a page is made of. */
export interface HtmlPage {
  /** Of what, and what it is: `scan`, `report`. */
  readonly name: string;
  readonly kind: string;
  /** What it may ask for, as a Content-Security-Policy says it: `img-src data:`. */
  readonly sources: string;
  readonly body: Html;
  /** What it has beside the style, the script and the head of every page. */
  readonly style?: string;
  readonly script?: string;
  readonly head?: Html | false;
}

/** A page as one HTML file: style and script are inside it, and its policy forbids any request but those named. */
export function htmlPage({ name, kind, sources, body, style = '', script = '', head = false }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${sources}; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="dark light">
${html`${head}<title>${name} – Reelmend ${kind}</title>`.markup}
<style>${PAGE_STYLE}${style}</style>
</head>
<body>
${body.markup}
<script>${PAGE_SCRIPT}${script}</script>
</body>
</html>
`;
}
