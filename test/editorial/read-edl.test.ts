import { describe, expect, it } from 'vitest';
import { readEdl } from '../../src/editorial/read-edl.ts';
import { reelOf } from '../pipeline/reel-of.ts';
import { faultOf, fixture, listed, movieOf, notesOf } from './listed.ts';

const movie = movieOf({ path: '/film/A001.mov', timecode: '01:00:00:00' });
const tape = movieOf({ rate: { num: 30000, den: 1001 }, timecode: '01:00:00;00', frames: 60000 });

/** Lines of a list with an event each. */
function edl(...events: readonly string[]): string {
  return ['TITLE: a list', ...events, ''].join('\n');
}

function event(times: string, { number = '001', reel = 'A001', channels = 'V', edit = 'C' } = {}): string {
  return `${number}  ${reel} ${channels}     ${edit}        ${times} 00:00:00:00 00:00:01:00`;
}

describe('an edit decision list', () => {
  it('of another program is read with names, both sides of a dissolve, and what a speed shows', () => {
    expect(listed(fixture('edited.edl'), 'edited.edl', movie)).toEqual([
      ['sh010', 100, 148],
      ['sh020', 300, 340],
      // The outgoing side goes on for the twelve frames of the dissolve.
      ['sh020', 340, 352],
      ['sh030', 500, 540],
      // Twenty frames at twice the speed show forty.
      ['sh040', 700, 740],
    ]);
    expect(notesOf(fixture('edited.edl'), 'edited.edl', movie)).toEqual([
      'Shot list "edited.edl": event 003 is of a transition: the frames of both sides are listed, as long as it lasts.',
      'Shot list "edited.edl": event 004 is shown at another speed (M2): the frames that it shows at that speed are listed too.',
    ]);
  });

  it('does not include the frame of its out', () => {
    expect(listed(edl(event('01:00:01:00 01:00:01:01')), 'a.edl', movie)).toEqual([['event 001', 24, 25]]);
    expect(listed(edl(event('01:01:23:00 01:01:23:08')), 'a.edl', movie)).toEqual([['event 001', 1992, 2000]]);
  });

  it.each([
    ['with semicolons', edl(event('01:00:59;29 01:01:00;03'))],
    ['with semicolons throughout', edl(event('01;00;59;29 01;01;00;03'))],
    ['with FCM: DROP FRAME', edl('FCM: DROP FRAME', event('01:00:59:29 01:01:00:03'))],
    ['that does not say how it counts', edl(event('01:00:59:29 01:01:00:03'))],
  ])('of a drop-frame reel is counted as the reel %s', (_, text) => {
    expect(listed(text, 'a.edl', tape)).toEqual([['event 001', 1799, 1801]]);
  });

  it('names frames of a reel without timecode by their numbers: from 0 in a folder, from the first in a movie', () => {
    const text = edl(event('00:00:41:17 00:00:41:19', { reel: 'AX' }));
    expect(listed(text, 'a.edl', reelOf())).toEqual([['event 001', 0, 2]]);
    expect(listed(text, 'a.edl', movieOf())).toEqual([['event 001', 1001, 1003]]);
  });

  it('leaves out sound, black and other reels, and says which', () => {
    const text = edl(
      event('01:00:01:00 01:00:02:00'),
      event('01:00:05:00 01:00:06:00', { number: '002', channels: 'AA' }),
      event('00:00:00:00 00:00:01:00', { number: '003', reel: 'BL' }),
      event('01:00:08:00 01:00:09:00', { number: '004', channels: 'B' }),
      event('07:00:00:00 07:00:01:00', { number: '005', reel: 'B002' }),
    );
    expect(listed(text, 'a.edl', movie)).toEqual([
      ['event 001', 24, 48],
      ['event 004', 192, 216],
    ]);
    expect(notesOf(text, 'a.edl', movie)).toEqual([
      'Shot list "a.edl": 1 of 3 entries are of other reels ("B002") and were left out.',
    ]);
  });

  it('of one reel alone is about the reel at hand, whatever it calls it', () => {
    const text = edl(event('01:00:01:00 01:00:02:00', { reel: 'TAPE7' }));
    expect(listed(text, 'a.edl', movie)).toEqual([['event 001', 24, 48]]);
    expect(notesOf(text, 'a.edl', movie)).toEqual([
      'Shot list "a.edl" is of "TAPE7"; its entries were taken as this reel\'s.',
    ]);
  });

  it('asks for more in a comment', () => {
    const text = edl(
      event('01:00:01:00 01:00:02:00'),
      '* FROM CLIP NAME: sh010',
      '* REELMEND: restorer=detail cast="anna k" handles=4',
    );
    expect(readEdl(text, 'a.edl').entries[0]).toMatchObject({
      name: 'sh010',
      wishes: { restorer: 'detail', cast: 'anna k', handles: 4 },
    });
  });

  it.each([
    [
      edl(),
      'Shot list "a.edl": it has no event. A line such as "001  REEL V C 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00" was expected.',
    ],
    [
      edl('001  A001 V C 01:00:01:00 01:00:02:00 00:00:00:00'),
      'Shot list "a.edl", line 2: an event with number, reel, channels, edit and four timecodes was expected, but "001  A001 V C 01:00:01:00 01:00:02:00 00:00:00:00" has 3 timecodes. Complete it.',
    ],
    [
      edl('001  A001 V 01:00:01:00 01:00:02:00 00:00:00:00 00:00:01:00'),
      'Shot list "a.edl", line 2: an event with number, reel, channels, edit and four timecodes was expected, but "001  A001 V 01:00:01:00 01:00:02:00 00:00:00:00 00:00:01:00" has 4 timecodes and 3 other words. Complete it.',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00', { edit: 'X' })),
      'Shot list "a.edl", line 2: "X" is no kind of edit. C, D, W and a number, K, KB and KO are known.',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00', { channels: 'A' })),
      'Shot list "a.edl": none of its events shows a picture of a reel.',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00'), 'M2   A001 fast'),
      'Shot list "a.edl", line 3: "M2   A001 fast" should be M2, a reel, frames a second and a timecode. Correct it there.',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00'), 'M2   A001 -024.0 01:00:01:00'),
      'Shot list "a.edl", line 3: event 001 runs backwards (-024.0 frames a second), and its source times do not tell which frames that takes. Take it out of the list, or list its frames in a CSV file.',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00'), '* REELMEND: restorr=detail'),
      'Shot list "a.edl", line 3: "restorr" is not known there. Did you mean "restorer"?',
    ],
    [
      edl(event('01:00:01:00 01:00:02:00'), '* REELMEND: detail'),
      'Shot list "a.edl", line 3: "detail" is not name=value. Write it as restorer=detail cast="anna k".',
    ],
    [
      edl(event('01:00:01:00 01:02:00:00')),
      'Shot list "a.edl", line 2: "event 001" is 01:00:01:00 up to 01:02:00:00, but "/film/A001.mov" has frames 1 to 2000, timecode 01:00:00:00 to 01:01:23:07. Correct it, or leave it out.',
    ],
    [
      edl(event('01:00:01;00 01:00:02;00')),
      'Shot list "a.edl", line 2: no frame of "/film/A001.mov" is labelled 01:00:01;00: it is a drop-frame label, and the reel counts without dropped numbers; write it as 01:00:01:00.',
    ],
    [
      edl(
        event('01:00:01:00 01:00:02:00', { reel: 'B1' }),
        event('01:00:01:00 01:00:02:00', { number: '002', reel: 'C1' }),
      ),
      'Shot list "a.edl": it is cut from several reels, "B1", "C1", and none is called as "A001.mov". Name the reel in it, or leave the entries of others out.',
    ],
  ])('is refused with its line: %j', (text, sentence) => {
    expect(faultOf(text, 'a.edl', movie)).toBe(sentence);
  });

  it('that counts without dropped numbers is refused for a drop-frame reel', () => {
    expect(() => listed(edl('FCM: NON-DROP FRAME', event('01:00:59:00 01:01:00:02')), 'a.edl', tape)).toThrow(
      'Shot list "a.edl", line 3: no frame of "/film/reel 1.mov" is labelled 01:00:59:00: the reel counts with dropped numbers (drop-frame); write it as 01:00:59;00.',
    );
  });
});
