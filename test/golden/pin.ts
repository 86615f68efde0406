import { RENDER_VERSION } from '../../src/restore/render-version.ts';
import { hashOf } from './golden-case.ts';
import { goldenCases } from './golden-cases.ts';
import { readPinned, writePinned } from './pinned-file.ts';
import { pinnedAnew } from './pinned-frames.ts';

// Writes the hash of every golden frame to golden-frames.json: `npm run golden`.
const hashes: Record<string, string> = {};
for (const { name, output } of await goldenCases()) {
  if (name in hashes) throw new Error(`Two golden frames have the name "${name}". Give each its own.`);
  hashes[name] = hashOf(await output());
}
try {
  writePinned(pinnedAnew(readPinned(), hashes, RENDER_VERSION));
  console.log(`${Object.keys(hashes).length} golden frames are pinned at RENDER_VERSION ${RENDER_VERSION}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
