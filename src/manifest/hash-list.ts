import { HASH_FORMATS, type HashFormat } from './hash-formats.ts';
import { escapeXml } from './xml.ts';

/** The name by which this program signs its manifests. */
export const TOOL = 'reelmend';

/** What became of a file since its first record: it has none, it is the same, it is another (specification 1.0, section 6.5.1). */
export type HashAction = 'original' | 'verified' | 'failed';

/** One file of a generation. */
export interface HashRecord {
  /** Below the folder, with "/" between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
  readonly action: HashAction;
  readonly hashes: ReadonlyMap<HashFormat, string>;
}

/** One generation of a history, as its manifest states it. */
export interface HashList {
  readonly created: Date;
  readonly host: string;
  readonly version: string;
  readonly ignore: readonly string[];
  readonly records: readonly HashRecord[];
}

/** A line of the chain: a generation's manifest and its C4. */
export interface ChainLink {
  /** From 1 on. */
  readonly number: number;
  /** The manifest's name in the folder of the history. */
  readonly name: string;
  readonly c4: string;
}

/** A manifest (specification 1.0, section 6). Hashes were computed where the files lie, so the process is "in-place". */
export function hashListXml({ created, host, version, ignore, records }: HashList): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">
  <creatorinfo>
    <creationdate>${dateTime(created)}</creationdate>
    <hostname>${escapeXml(host)}</hostname>
    <tool version="${escapeXml(version)}">${TOOL}</tool>
  </creatorinfo>
  <processinfo>
    <process>in-place</process>
    <ignore>
${ignore.map((pattern) => `      <pattern>${escapeXml(pattern)}</pattern>\n`).join('')}    </ignore>
  </processinfo>
  <hashes>
${records.map(recordXml).join('')}  </hashes>
</hashlist>
`;
}

/** The table of contents of a history (specification 1.0, section 7). */
export function chainXml(links: readonly ChainLink[]): string {
  const lists = links.map(
    ({ number, name, c4 }) =>
      `  <hashlist sequencenr="${number}">\n    <path>${escapeXml(name)}</path>\n    <c4>${c4}</c4>\n  </hashlist>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">\n${lists.join('')}</ascmhldirectory>\n`;
}

/** The name of a generation's manifest (specification 1.0, section 6.3). */
export function manifestName(number: number, folder: string, created: Date): string {
  const [day = '', time = ''] = created.toISOString().split('T');
  return `${String(number).padStart(4, '0')}_${folder}_${day}_${time.slice(0, 8).replaceAll(':', '')}Z.mhl`;
}

function recordXml({ path, size, modified, action, hashes }: HashRecord): string {
  const lines = HASH_FORMATS.flatMap((format) => {
    const digest = hashes.get(format);
    return digest === undefined ? [] : [`      <${format} action="${action}">${digest}</${format}>\n`];
  });
  return `    <hash>
      <path size="${size}" lastmodificationdate="${dateTime(modified)}">${escapeXml(path)}</path>
${lines.join('')}    </hash>
`;
}

/** In whole seconds of Coordinated Universal Time. */
function dateTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
