/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | null | undefined | false | readonly Part[];

/** A template whose values are escaped, but for those that are markup themselves; null, undefined and false leave nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { markup: texts.map((text, k) => text + (k < values.length ? markupOf(values[k]) : '')).join('') };
}

function markupOf(value: Part): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  if ('markup' in value) return value.markup;
  return value.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
