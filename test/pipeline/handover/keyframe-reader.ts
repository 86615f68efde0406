/** After Effects keyframe data: the facts of its head, and of each property its values by frame. */
export interface KeyframeData {
  readonly head: ReadonlyMap<string, number>;
  readonly properties: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;
}

/** Reads it by tabs and lines alone. */
export function keyframeDataOf(text: string): KeyframeData {
  const lines = text.split('\n');
  if (lines[0] !== 'Adobe After Effects 8.0 Keyframe Data') throw new Error(`It begins with ${lines[0]}.`);
  const end = lines.indexOf('End of Keyframe Data');
  if (end < 0) throw new Error('It does not end.');
  const head = new Map<string, number>();
  const properties = new Map<string, Map<number, readonly number[]>>();
  let values: Map<number, readonly number[]> | undefined;
  for (const line of lines.slice(1, end)) {
    const [first = '', ...cells] = line.split('\t');
    if (line === '' || cells[0] === 'Frame') continue;
    if (first !== '') {
      values = new Map();
      properties.set(line.replaceAll('\t', ' / '), values);
    } else if (values) values.set(Number(cells[0]), cells.slice(1).map(Number));
    else head.set(cells[0] as string, Number(cells[1]));
  }
  return { head, properties };
}
