/** A setting's value as it was typed: a number or `true` and `false` where it reads as such, else a name; null where nothing was. */
export function typedValue(text: string): number | string | boolean | null {
  const typed = text.trim();
  if (typed === '') return null;
  if (typed === 'true' || typed === 'false') return typed === 'true';
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(typed) ? Number(typed) : typed;
}

/** Frames as people number them, first and last, as a half-open range from 0; a sentence where they are none of the reel's. */
export function typedRange(
  first: string,
  last: string,
  reel: { readonly first: number; readonly in: number; readonly out: number },
): { readonly in: number; readonly out: number } | string {
  const [from, to] = [Number(first), Number(last)];
  const [least, most] = [reel.first + reel.in, reel.first + reel.out - 1];
  const isNumber = [first, last].every((text) => /^\s*\d+\s*$/.test(text));
  if (!isNumber || from < least || to > most) return `The frames of this reel are ${least} to ${most}.`;
  if (from > to) return `Frame ${from} comes after frame ${to}.`;
  return { in: from - reel.first, out: to - reel.first + 1 };
}
