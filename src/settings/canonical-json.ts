import { sha256Of } from '../disk/sha256.ts';

/**
 * JSON with every object's keys sorted and no white space: equal values give equal text, whatever order they were written in.
 * Follows RFC 8785 (JSON Canonicalization Scheme) for the values that presets hold: keys sorted by UTF-16 code units, ECMAScript's
 * numbers. Members that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical JSON, lower-case hex. */
export function hashOf(value: unknown): string {
  return sha256Of(canonicalJson(value));
}
