/**
 * Faces as they are tracked, shot by shot, until enough were seen: `node dist/samples/follow-faces.js <reel> [faces]`. From another
 * package the import is `from 'reelmend'`.
 */
import { scan, takeWhile } from 'rxjs';
import { openReel, type ReelShot, trackFaces } from '../src/index.ts';

const [reel, most = '10'] = process.argv.slice(2);
if (!reel) throw new Error('Usage: follow-faces <reel> [faces]');

const shots = openReel(reel).frames.pipe(
  trackFaces(),
  scan((seen, shot) => ({ shot, faces: seen.faces + shot.tracks.length }), { shot: null as ReelShot | null, faces: 0 }),
  takeWhile(({ faces }) => faces < Number(most), true),
);

shots.subscribe({
  next({ shot }) {
    if (!shot) return;
    const { first } = shot.reel;
    console.log(`shot ${first + shot.in} to ${first + shot.out - 1}`);
    for (const track of shot.tracks) console.log(`  ${track.id}  ${first + track.in} to ${first + track.out - 1}`);
  },
  error(reason: unknown) {
    console.error(reason instanceof Error ? reason.message : reason);
    process.exitCode = 1;
  },
});
