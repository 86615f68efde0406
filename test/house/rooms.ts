/** A folder of `src/`, as the table "Rooms" of CONTRIBUTING.md has it. */
export interface Room {
  readonly name: string;
  /** Names of the rooms it may import from, itself left out. */
  readonly mayImport: ReadonlySet<string>;
  /** No files, no processes, no clock, no chance, no network. */
  readonly pure: boolean;
}

/**
 * The rooms of the Markdown table `| room | what is in it | may import from |` in `markdown`, lowest first. A room is pure where
 * the second column says ", pure". The third is "nothing", "all of the above", "all of the above but a, b", or a list of names.
 *
 * @throws Error where there is no such table, or a room may import from one that does not stand above it.
 */
export function roomsOf(markdown: string): readonly Room[] {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => /^\| *room *\| *what is in it *\| *may import from *\|$/.test(line));
  if (head < 0) throw new Error('CONTRIBUTING.md has no table "| room | what is in it | may import from |".');
  const rooms: Room[] = [];
  for (const line of lines.slice(head + 2)) {
    const row = /^\| *`([a-z]+)` *\|(.+)\|([^|]+)\|$/.exec(line);
    if (!row) break;
    const [, name = '', what = '', from = ''] = row;
    const above = rooms.map((room) => room.name);
    const mayImport = namesOf(from.trim(), above);
    const wrong = mayImport.filter((other) => !above.includes(other));
    if (wrong.length > 0) {
      throw new Error(
        `CONTRIBUTING.md: the room "${name}" may import from ${wrong.join(', ')}, which does not stand above it. Move its row down.`,
      );
    }
    rooms.push({ name, mayImport: new Set(mayImport), pure: /, pure\b/.test(what) });
  }
  return rooms;
}

function namesOf(from: string, above: readonly string[]): readonly string[] {
  if (from === 'nothing') return [];
  const all = /^all of the above(?: but (.+))?$/.exec(from);
  if (!all) return from.split(', ');
  const but = all[1]?.split(', ') ?? [];
  return above.filter((name) => !but.includes(name));
}
