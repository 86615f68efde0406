import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { FoundShots } from '../../src/editorial/found-shots.ts';
import { SHOT_LIST_KINDS, shotListText } from '../../src/editorial/shot-list-formats.ts';
import { type FrameRange, lengthOf } from '../../src/film/range.ts';
import type { Reel } from '../../src/film/reel.ts';
import { advanceTimecode } from '../../src/film/timecode.ts';
import { reelOf } from '../pipeline/reel-of.ts';
import { DRAWN } from './drawn-shots.ts';
import { fixture, listed, movieOf } from './listed.ts';

const WRITTEN = Object.keys(DRAWN).flatMap((reel) => SHOT_LIST_KINDS.map((kind) => [reel, kind] as const));

/** What the reference program read of the files in `test/fixtures/editorial/written`; see the README there. */
const READ = JSON.parse(fixture('read-by-reference.json')) as Record<string, ReadList>;

interface ReadList {
  readonly rate: number;
  readonly clips: readonly ReadClip[];
}

interface ReadClip {
  readonly name: string;
  readonly start: number;
  readonly frames: number;
  readonly record: number;
  readonly media: Readonly<Record<string, unknown>>;
  readonly markers: readonly { name: string; color: string; start: number; frames: number }[];
}

const nameOf = (reel: string, kind: string) => `${reel}${kind}`;

describe('a list that is written', () => {
  it.each(WRITTEN)('of a %s as %s is the file that the reference program read', async (reel, kind) => {
    const file = join(packageFolder(), 'test', 'fixtures', 'editorial', 'written', nameOf(reel, kind));
    await expect(shotListText(kind, DRAWN[reel] as FoundShots)).toMatchFileSnapshot(file);
  });

  it.each(WRITTEN)('of a %s as %s names the same frames when it is read', (name, kind) => {
    const { reel, shots } = DRAWN[name] as FoundShots;
    const text = shotListText(kind, { reel, shots });
    expect(listed(text, `a${kind}`, reel)).toEqual(shots.map((shot) => [shot.name, shot.in, shot.out]));
  });

  it.each(Object.keys(DRAWN))(
    'of a %s as OTIO has for the reference program the shots, their media and markers',
    (name) => {
      const { shots, reel } = DRAWN[name] as FoundShots;
      const { clips, rate } = READ[nameOf(name, '.otio')] as ReadList;
      expect(rate).toBe(reel.rate.num / reel.rate.den);
      expect(clips.map((clip) => [clip.name, clip.record, clip.frames])).toEqual(
        shots.map((shot) => [shot.name, shot.in, lengthOf(shot)]),
      );
      for (const [k, { start, markers, media }] of clips.entries()) {
        const shot = shots[k] as FrameRange;
        expect(start - (media['start'] as number)).toBe(shot.in);
        expect(media['frames']).toBe(reel.frames);
        const told = (DRAWN[name] as FoundShots).shots[k]?.markers ?? [];
        const seen = markers.filter(({ color }) => color !== 'GREEN');
        expect(seen.map((marker) => [marker.name, marker.start - start, marker.frames])).toEqual(
          told.map((marker) => [marker.text, marker.in - shot.in, lengthOf(marker)]),
        );
      }
      expect(clips[0]?.markers.filter(({ color }) => color === 'GREEN').map((marker) => marker.name)).toEqual([
        'Änna "K", jr: repair',
      ]);
    },
  );

  it.each(Object.keys(DRAWN))('of a %s as EDL has for the reference program the shots one after another', (name) => {
    const { shots } = DRAWN[name] as FoundShots;
    const { clips } = READ[nameOf(name, '.edl')] as ReadList;
    expect(clips.map((clip) => [clip.name, clip.frames])).toEqual(shots.map((shot) => [shot.name, lengthOf(shot)]));
    const [first] = clips as [ReadClip, ...ReadClip[]];
    expect(clips.map(({ start }) => start - first.start)).toEqual(shots.map((shot) => shot.in));
    // The adapter reads no locators whose timecode drops numbers.
    if (name === 'drop-frame') return;
    const recordIn = (k: number) => 3600 * 24 + shots.slice(0, k).reduce((sum, shot) => sum + lengthOf(shot), 0);
    expect(clips.map(({ markers }) => markers.map((marker) => [marker.name, marker.start]))).toEqual(
      shots.map((shot, k) =>
        shot.markers.map((marker) => [
          lengthOf(marker) === 1 ? marker.text : `${marker.text} (${lengthOf(marker)} frames)`,
          recordIn(k) + marker.in - shot.in,
        ]),
      ),
    );
  });

  it('of a movie and of a folder names the files', () => {
    const media = (name: string) => READ[`${name}.otio`]?.clips[0]?.media;
    expect(media('movie')).toMatchObject({ url: 'file:///film/reel%201.mov' });
    expect(media('folder')).toMatchObject({
      first: 'file:///film/scan%202/a b.1001.dpx',
      last: 'file:///film/scan%202/a b.1100.dpx',
    });
    expect(media('folder-with-timecode')).toMatchObject({ first: 'file:///film/scan/scan_001001.dpx' });
  });
});

describe('a list of frames whose number is not the last in their names', () => {
  it('as OTIO names them by the number that counts', () => {
    const files = Array.from({ length: 100 }, (_, k) => `/film/scan/sh010_${k + 1001}_v02.dpx`);
    const written = shotListText('.otio', { reel: reelOf({ files }), shots: DRAWN['folder']?.shots ?? [] });
    const [clip] = JSON.parse(written).tracks.children[0].children;
    expect(clip.media_references.DEFAULT_MEDIA).toMatchObject({
      target_url_base: 'file:///film/scan/',
      name_prefix: 'sh010_',
      name_suffix: '_v02.dpx',
      start_frame: 1001,
      frame_zero_padding: 4,
    });
  });
});

describe('lists of random shots', () => {
  it('name the same frames when they are read, whatever the reel', () => {
    const random = seeded(7);
    for (let trial = 0; trial < 300; trial++) {
      const reel = randomReel(random);
      const shots: { name: string; in: number; out: number; faces: []; markers: [] }[] = [];
      for (let at = random(50); at < reel.frames - 1 && shots.length < 12; at += random(40)) {
        const out = Math.min(reel.frames, at + 1 + random(60));
        shots.push({ name: `sh "${random(1000)}", é;`, in: at, out, faces: [], markers: [] });
        at = out;
      }
      if (shots.length === 0) continue;
      for (const kind of SHOT_LIST_KINDS) {
        const read = listed(shotListText(kind, { reel, shots }), `a${kind}`, reel);
        expect(read, `${trial}${kind} ${reel.timecode}`).toEqual(shots.map((shot) => [shot.name, shot.in, shot.out]));
      }
    }
  });
});

/** Whole numbers from 0 up to, but without, the one asked for: mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function randomReel(random: (below: number) => number): Reel {
  const rates = [
    [24, 1],
    [24000, 1001],
    [25, 1],
    [30000, 1001],
    [60000, 1001],
    [48, 1],
    [50, 1],
  ] as const;
  const [num, den] = rates[random(rates.length)] as (typeof rates)[number];
  const rate = { num, den };
  const isDrop = den === 1001 && num >= 30000 && random(2) === 1;
  const zero = isDrop ? '00:00:00;00' : '00:00:00:00';
  const timecode = advanceTimecode(zero, random(24 * 3600 * 60), rate) as string;
  const more = { rate, frames: 1 + random(9000), ...(random(4) === 0 ? {} : { timecode }) };
  if (random(2) === 0) return movieOf(more);
  const first = random(3000);
  return reelOf({ ...more, first, files: [`/film/scan/scan.${String(first).padStart(5, '0')}.dpx`] });
}
