import { type ExrChannel, SAMPLE_TYPES } from './exr-part.ts';

/** How DWA has packed a channel. */
export type DwaScheme = 'whole' | 'cosines' | 'runs';

/** What is known of a channel by its name. */
export interface DwaRule {
  /** The last part of the name, in lower case where `anyCase`. */
  readonly suffix: string;
  readonly anyCase: boolean;
  readonly type: ExrChannel['type'];
  readonly scheme: DwaScheme;
  /** Its place among red, green and blue, which are packed together; −1 for others. */
  readonly colour: number;
}

const SCHEMES = ['whole', 'cosines', 'runs'] as const;

/** The rules of files before version 2, which do not state them. */
export const LEGACY_RULES: readonly DwaRule[] = [
  ...lossy(['r', 'red'], 0),
  ...lossy(['g', 'grn', 'green'], 1),
  ...lossy(['b', 'blu', 'blue'], 2),
  ...lossy(['y', 'by', 'ry'], -1),
  ...SAMPLE_TYPES.map((type) => ({ suffix: 'a', anyCase: true, type, scheme: 'runs', colour: -1 }) as const),
];

function lossy(names: readonly string[], colour: number): DwaRule[] {
  return names.flatMap((suffix) =>
    (['half', 'float'] as const).map((type) => ({ suffix, anyCase: true, type, scheme: 'cosines', colour }) as const),
  );
}

/** The rules that a chunk states. @throws RangeError */
export function readRules(bytes: Buffer): DwaRule[] {
  const rules: DwaRule[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    if (end < 0 || end + 3 > bytes.length) throw new RangeError('its rules are cut off');
    const flags = bytes[end + 1] as number;
    const scheme = SCHEMES[(flags >> 2) & 3];
    const type = SAMPLE_TYPES[bytes[end + 2] as number];
    const colour = (flags >> 4) - 1;
    if (!scheme || !type || colour > 2) throw new RangeError('its rules are damaged');
    const anyCase = (flags & 1) !== 0;
    const suffix = bytes.toString('utf8', at, end);
    rules.push({ suffix: anyCase ? suffix.toLowerCase() : suffix, anyCase, type, scheme, colour });
    at = end + 3;
  }
  return rules;
}

/** How each channel is packed, and the sets of red, green and blue that are packed together, in the order in which they lie. */
export function sortChannels(
  channels: readonly ExrChannel[],
  rules: readonly DwaRule[],
): { readonly schemes: readonly DwaScheme[]; readonly colours: readonly (readonly [number, number, number])[] } {
  const sets = new Map<string, number[]>();
  const schemes = channels.map(({ name, type }, k) => {
    const dot = name.lastIndexOf('.');
    const [prefix, suffix] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
    const set = sets.get(prefix) ?? [-1, -1, -1];
    sets.set(prefix, set);
    let scheme: DwaScheme = 'whole';
    for (const rule of rules) {
      if (rule.type !== type || rule.suffix !== (rule.anyCase ? suffix.toLowerCase() : suffix)) continue;
      scheme = rule.scheme;
      if (rule.colour >= 0) set[rule.colour] = k;
    }
    return scheme;
  });
  const sorted = [...sets].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const colours = sorted.flatMap(([, set]) => {
    const [first, ...others] = set.map((k) => channels[k]);
    const alike = others.every((one) => one && first && one.stepX === first.stepX && one.stepY === first.stepY);
    return first && alike ? [set as [number, number, number]] : [];
  });
  return { schemes, colours };
}
