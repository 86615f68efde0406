import type { DecisionTarget, ReelId } from '../review/api.ts';

/** What an address of the page shows: `#/<reel>/<reel, shot-3 or track-f1001>/<frame>`, of which all but the first may be missing. */
export interface PageAddress {
  /** null = the list of reels. */
  readonly reel: ReelId | null;
  readonly target: DecisionTarget | null;
  /** The reel's own number, as people see it. */
  readonly frame: number | null;
}

/** Reads what stands behind `#`. What cannot be read is as if it were missing. */
export function parseAddress(hash: string): PageAddress {
  const [, reel = '', target = '', frame = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  if (!/^[0-9a-f]{16}$/.test(reel)) return { reel: null, target: null, frame: null };
  return { reel, target: targetIn(target), frame: /^\d{1,9}$/.test(frame) ? Number(frame) : null };
}

export function addressOf({ reel, target, frame }: PageAddress): string {
  if (reel === null) return '#/';
  const parts = [reel, ...(target ? [targetPart(target)] : []), ...(target && frame !== null ? [String(frame)] : [])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function targetPart(target: DecisionTarget): string {
  if (target.scope === 'shot') return `shot-${target.shot + 1}`;
  return target.scope === 'track' ? `track-${target.track}` : 'reel';
}

function targetIn(part: string): DecisionTarget | null {
  const [, scope, name = ''] = /^(shot|track)-(.+)$/s.exec(part) ?? [];
  if (scope === 'track') return { scope, track: name };
  if (scope === 'shot' && /^[1-9]\d{0,8}$/.test(name)) return { scope, shot: Number(name) - 1 };
  return part === 'reel' ? { scope: 'reel' } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
