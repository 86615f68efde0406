/** A value of a Nuke script: a word, or what stands between braces. */
export type NukeValue = string | readonly NukeValue[];

export interface NukeNode {
  readonly kind: string;
  readonly knobs: ReadonlyMap<string, NukeValue>;
}

/** The nodes of a Nuke script, in order: words and values in braces or quotes, a knob a line. */
export function nukeNodes(script: string): NukeNode[] {
  const nodes: NukeNode[] = [];
  const text = script.replace(/^#.*$/gm, '');
  const start = /^(\w+) \{$/gm;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const { list, end } = listIn(text, start.lastIndex);
    const knobs = new Map<string, NukeValue>();
    for (let k = 0; k < list.length; ) {
      const name = list[k] as string;
      // All that follows on the line; here every knob has one value.
      knobs.set(name, list[k + 1] as NukeValue);
      k += 2;
    }
    nodes.push({ kind: match[1] as string, knobs });
    start.lastIndex = end;
  }
  return nodes;
}

/** The values from a place on, up to the brace that ends them. */
function listIn(text: string, from: number): { readonly list: NukeValue[]; readonly end: number } {
  const list: NukeValue[] = [];
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    const sign = text[at];
    if (sign === undefined) throw new Error('A brace is not closed.');
    if (sign === '}') return { list, end: at + 1 };
    if (sign === '{') {
      const inner = listIn(text, at + 1);
      list.push(inner.list);
      at = inner.end;
    } else if (sign === '"') {
      const end = text.indexOf('"', at + 1);
      list.push(text.slice(at + 1, end));
      at = end + 1;
    } else {
      const [word] = /^[^\s{}"]+/.exec(text.slice(at)) as RegExpExecArray;
      list.push(word);
      at += word.length;
    }
  }
}

/**
 * A curve's value in a frame: keys `x1001 1.5` or, in the frame after the key before, `1.5` alone; linear between keys, and held before the
 * first and behind the last. `K` and `L` say how keys are joined.
 */
export function curveAt(curve: NukeValue, frame: number): number {
  const [word, ...rest] = curve as string[];
  if (word !== 'curve') throw new Error(`A curve was expected, got ${JSON.stringify(curve)}.`);
  const keys: (readonly [number, number])[] = [];
  let next = Number.NaN;
  for (const token of rest) {
    if (/^[A-Z]$/.test(token)) continue;
    if (token.startsWith('x')) {
      next = Number(token.slice(1));
      continue;
    }
    keys.push([next, Number(token)]);
    next += 1;
  }
  const after = keys.findIndex(([x]) => x >= frame);
  if (after === 0) return (keys[0] as readonly [number, number])[1];
  if (after < 0) return (keys.at(-1) as readonly [number, number])[1];
  const [[x0, y0], [x1, y1]] = [keys[after - 1], keys[after]] as [readonly [number, number], readonly [number, number]];
  return y0 + ((frame - x0) / (x1 - x0)) * (y1 - y0);
}

/** Rows of a Tracker4 by the name of their column. */
export function trackerRows(node: NukeNode): Map<string, NukeValue>[] {
  const [[version, columnCount, rowCount], columns, rows] = node.knobs.get('tracks') as [
    string[],
    string[][],
    NukeValue[][],
  ];
  if (version !== '1' || Number(columnCount) !== columns.length || Number(rowCount) !== rows.length) {
    throw new Error('The tracker’s table does not have the size that it states.');
  }
  return rows.map((row) => {
    if (row.length !== columns.length) throw new Error(`A row has ${row.length} of ${columns.length} columns.`);
    return new Map(columns.map((column, k) => [column[3] as string, row[k] as NukeValue]));
  });
}
