import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { PinnedFrames } from './pinned-frames.ts';

const FILE = new URL('golden-frames.json', import.meta.url);

/** The pinned golden frames; null where none were pinned yet. */
export function readPinned(): PinnedFrames | null {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as PinnedFrames) : null;
}

export function writePinned(pinned: PinnedFrames): void {
  writeFileSync(FILE, `${JSON.stringify(pinned, null, 2)}\n`);
}
