/** The patterns that every manifest begins with: files that change by themselves, and the history's own folder. */
export const DEFAULT_IGNORE: readonly string[] = ['.DS_Store', 'ascmhl', 'ascmhl/'];

/** Decides by a path below the folder, with "/" between its parts, whether a manifest leaves it out. */
export type Ignores = (path: string, folder: boolean) => boolean;

interface Pattern {
  readonly matches: RegExp;
  readonly folderOnly: boolean;
  readonly includes: boolean;
}

/**
 * Patterns as a line of .gitignore has them (ASC MHL specification 1.0, appendix C); the last one that matches decides. What lies in
 * an ignored folder is never asked about.
 */
export function ignoresOf(patterns: readonly string[]): Ignores {
  const parsed = patterns.flatMap(patternOf);
  return (path, folder) => {
    const last = parsed.findLast(({ matches, folderOnly }) => (folder || !folderOnly) && matches.test(path));
    return last !== undefined && !last.includes;
  };
}

function patternOf(line: string): Pattern[] {
  let text = line.replace(/(?<!\\)\s+$/, '');
  const includes = text.startsWith('!');
  if (includes) text = text.slice(1);
  const folderOnly = text.endsWith('/');
  if (folderOnly) text = text.slice(0, -1);
  if (text === '' || text.startsWith('#')) return [];
  const anchored = text.includes('/');
  const body = expressionOf(text.replace(/^\//, ''));
  return [{ matches: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}$`, 'su'), folderOnly, includes }];
}

/** "**" between slashes at any depth; stars; a range; a character behind its backslash; any other one. */
const TOKEN = /^\*\*\/|\/\*\*\/|\/\*\*$|\*+|\[[!^]?\]?[^\]]*\]|\\.|./gsu;

/** A pattern as a regular expression: only "**" between slashes passes one. */
function expressionOf(pattern: string): string {
  return pattern.replace(TOKEN, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '/**/') return '/(?:.*/)?';
    if (token === '/**') return '/.*';
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1 && token.startsWith('[')) return `(?!/)${classOf(token)}`;
    return (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
}

function classOf(range: string): string {
  const negated = /^\[[!^]/.test(range);
  return `[${negated ? '^' : ''}${range.slice(negated ? 2 : 1, -1).replace(/[\\[\]^]/g, '\\$&')}]`;
}
