import { describe, expect, it } from 'vitest';
import { readShotList } from '../../src/editorial/shot-list-formats.ts';
import { reelOf } from '../pipeline/reel-of.ts';
import { faultOf, fixture, listed, movieOf, notesOf } from './listed.ts';

const film = movieOf({ rate: { num: 24000, den: 1001 }, timecode: '01:00:00:00' });

/** A timeline of one track of these children. */
function timeline(...children: readonly unknown[]): string {
  const track = { OTIO_SCHEMA: 'Track.1', kind: 'Video', children };
  return JSON.stringify({ OTIO_SCHEMA: 'Timeline.1', tracks: { OTIO_SCHEMA: 'Stack.1', children: [track] } });
}

function range(start: number, frames: number, rate = 24): unknown {
  const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', value, rate });
  return { OTIO_SCHEMA: 'TimeRange.1', start_time: time(start), duration: time(frames) };
}

const clip = (more: object = {}) => ({ OTIO_SCHEMA: 'Clip.1', name: 'a', source_range: range(0, 10), ...more });

describe('a timeline', () => {
  it('of the reference program is read with nested stacks, gaps, transitions, speeds and other rates', () => {
    expect(listed(fixture('nested.otio'), 'nested.otio', film)).toEqual([
      ['sh010', 100, 148],
      // A dissolve takes four frames behind this one's cut, and six before the next one's.
      ['sh020', 300, 344],
      ['sh030', 494, 540],
      // The stack around them shows twenty frames of the first and ten of the second.
      ['sh040', 710, 730],
      ['sh050', 800, 810],
      ['fast', 1000, 1040],
      ['double rate', 1200, 1210],
    ]);
    expect(notesOf(fixture('nested.otio'), 'nested.otio', film)).toEqual([
      'Shot list "nested.otio": what transitions take beside the cuts of 2 clips is listed too.',
      'Shot list "nested.otio": what 1 clip of another speed shows is listed, and no less than its range.',
      'Shot list "nested.otio": 1 of 8 entries are of other reels ("B002.mov") and were left out.',
    ]);
    const [first] = readShotList(fixture('nested.otio'), 'nested.otio').entries;
    expect(first?.wishes).toEqual({ restorer: 'repair', cast: 'anna' });
  });

  it('counts drop-frame timecode', () => {
    const tape = movieOf({
      path: '/film/tape.mov',
      rate: { num: 30000, den: 1001 },
      timecode: '01:00:00;00',
      frames: 60000,
    });
    expect(listed(fixture('drop-frame.otio'), 'drop-frame.otio', tape)).toEqual([
      ['one', 1798, 1802],
      ['two', 53945, 53947],
    ]);
  });

  it('names the files of a folder', () => {
    const scan = reelOf({ path: '/elsewhere/scan' });
    expect(listed(fixture('folder.otio'), 'folder.otio', scan)).toEqual([
      ['head', 0, 10],
      ['tail', 90, 100],
    ]);
    // The files before its first one are not this reel's.
    const later = reelOf({ first: 996, frames: 105 });
    expect(listed(fixture('folder.otio'), 'folder.otio', later)[0]).toEqual(['head', 5, 15]);
  });

  it('that does not say where its media begin counts by the reel’s timecode', () => {
    expect(listed(timeline(clip({ source_range: range(86400 + 5, 10) })), 'a.otio', film)).toEqual([['a', 5, 15]]);
    expect(listed(timeline(clip({ source_range: range(1001, 10) })), 'a.otio', reelOf())).toEqual([['a', 0, 10]]);
  });

  it.each([
    [
      '{ "OTIO_SCHEMA": "Timeline.1",\n  "tracks": {\n',
      /^Shot list "a\.otio", line 3: it is not valid JSON: .*\. It may be cut off; write it again\.$/,
    ],
    ['[]', 'Shot list "a.otio", the timeline: an object with OTIO_SCHEMA was expected, Timeline, but [] was found.'],
    [
      JSON.stringify({ OTIO_SCHEMA: 'Project.1' }),
      'Shot list "a.otio", the timeline: Timeline was expected, but "Project.1" was found.',
    ],
    [
      JSON.stringify({ OTIO_SCHEMA: 'Timeline.2' }),
      'Shot list "a.otio", the timeline: "Timeline.2" is of a version that is not known; known are: Timeline.1. Write the file for an older version.',
    ],
    [
      JSON.stringify({ OTIO_SCHEMA: 'Timeline.1' }),
      'Shot list "a.otio", tracks: an object with OTIO_SCHEMA was expected, Stack, but missing was found.',
    ],
    [timeline(), 'Shot list "a.otio": it has no picture clip. Add one for each shot.'],
    [
      timeline(clip({ OTIO_SCHEMA: 'Clip.9' })),
      'Shot list "a.otio", tracks.children[0].children[0] "a": "Clip.9" is of a version that is not known; known are: Clip.1, Clip.2. Write the file for an older version.',
    ],
    [
      timeline(clip({ source_range: null })),
      'Shot list "a.otio", tracks.children[0].children[0] "a": neither "source_range" nor the "available_range" of its media says which frames are meant. Add one.',
    ],
    [
      timeline(clip({ source_range: range(0, 10, 0) })),
      'Shot list "a.otio", tracks.children[0].children[0] "a".source_range.start_time: "rate" should be a rate above 0, but is 0.',
    ],
    [
      timeline(clip({ source_range: range(0, -1) })),
      'Shot list "a.otio", tracks.children[0].children[0] "a".source_range: its duration is less than nothing. Correct it there.',
    ],
    [
      timeline(clip({ metadata: { reelmend: { restorr: 'detail' } } })),
      'Shot list "a.otio", tracks.children[0].children[0] "a".metadata.reelmend: "restorr" is not known there. Did you mean "restorer"?',
    ],
    [
      timeline(clip({ effects: [{ OTIO_SCHEMA: 'LinearTimeWarp.1', time_scalar: -1 }] })),
      'Shot list "a.otio", tracks.children[0].children[0] "a": it runs backwards (time_scalar -1), and its range does not tell which frames that takes. Take it out of the list, or list its frames in a CSV file.',
    ],
    [
      timeline(clip()),
      'Shot list "a.otio", tracks.children[0].children[0] "a": "a" is 0 to 10 frames of its media, but "/film/reel 1.mov" has frames 1 to 2000, timecode 01:00:00:00 to 01:01:23:07. Correct it, or leave it out.',
    ],
    [
      timeline(clip({ source_range: range(0.123457, 2 ** 52 + 0.5, 23.123457) })),
      'Shot list "a.otio", tracks.children[0].children[0] "a".source_range.duration: its times and rates are too fine to be added up exactly. Write them in whole frames.',
    ],
  ])('is refused with the object at fault: %j', (text, sentence) => {
    const fault = faultOf(text, 'a.otio', film);
    if (typeof sentence === 'string') expect(fault).toBe(sentence);
    else expect(fault).toMatch(sentence);
  });
});

describe('a shot list of another kind', () => {
  it('is refused', () => {
    expect(() => readShotList('', 'shots.xml')).toThrow(
      'Shot list "shots.xml": the kinds .csv, .edl, .otio are known. Give a file of one of them.',
    );
  });
});
