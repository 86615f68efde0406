import { describe, expect, it } from 'vitest';
import { csvRecords, csvText } from '../../src/editorial/csv-records.ts';
import { readCsv } from '../../src/editorial/read-csv.ts';
import { reelOf } from '../pipeline/reel-of.ts';
import { faultOf, listed, notesOf } from './listed.ts';

const scan = reelOf({ timecode: '01:00:00:00' });

describe('a shot list of comma-separated values', () => {
  it.each([
    ['frame numbers', 'name,in,out\na,1001,1010\nb,1050,1050\n'],
    ['timecode', 'name,in,out\na,01:00:00:00,01:00:00:09\nb,01:00:02:01,01:00:02:01\n'],
    ['other names of the columns', 'START,End,Name\n1001,1010,a\n1050,1050,b\n'],
    [
      'semicolons, quotes, a byte order mark and lines ended as Windows does',
      '\uFEFF"name";"in";"out"\r\n"a";"1001";"1010"\r\n\r\n"b";"1050";"1050"\r\n',
    ],
    ['tabs', 'name\tin\tout\na\t1001\t1010\nb\t1050\t1050'],
  ])('names its frames, both ends included, by %s', (_, text) => {
    expect(listed(text, 'list.csv', scan)).toEqual([
      ['a', 0, 10],
      ['b', 49, 50],
    ]);
  });

  it('may ask for more in a row, and calls rows without a name by their line', () => {
    const text =
      'in,out,restorer,preset,cast,handles,note\n1001,1010,repair,strict,anna,8,"said ""twice"", in\ntwo lines"\n1050,1051,,,NOBODY,,\n';
    expect(readCsv(text, 'list.csv').entries.map(({ name, where, wishes }) => [name, where, wishes])).toEqual([
      [
        'row 2',
        'line 2',
        { restorer: 'repair', preset: 'strict', cast: 'anna', handles: 8, note: 'said "twice", in\ntwo lines' },
      ],
      ['row 4', 'line 4', { cast: null }],
    ]);
  });

  it('has handles on either side, as far as the reel goes', () => {
    expect(listed('in,out,handles\n1005,1010,8\n1090,1095,8\n', 'list.csv', scan)).toEqual([
      ['row 2', 0, 18],
      ['row 3', 81, 100],
    ]);
  });

  it('may repeat and overlap, and keeps apart what only touches', () => {
    const text = 'name,in,out\nc,1021,1030\na,1001,1010\na2,1001,1010\nb,1005,1020\n';
    expect(listed(text, 'list.csv', scan)).toEqual([
      ['a', 0, 20],
      ['c', 20, 30],
    ]);
    expect(notesOf(text, 'list.csv', scan)).toEqual([
      'Shot list "list.csv": entries that repeat or overlap others were joined with them: line 4 with line 3; line 5 with line 3.',
    ]);
  });

  it.each([
    ['', 'Shot list "list.csv": it is empty. Its first line names the columns: name,in,out.'],
    ['name,in,out\n', 'Shot list "list.csv": it lists no shot. Add a row for each.'],
    ['name,in,out,restorr\n', 'Shot list "list.csv", line 1: "restorr" is not known there. Did you mean "restorer"?'],
    [
      'name,colour,in,out\n',
      'Shot list "list.csv", line 1: "colour" is not known there. Known are: name, in, out, start, end, first, last, restorer, preset, cast, handles, note, faces, restored, worst, refused, damaged.',
    ],
    ['in,in,out\n', 'Shot list "list.csv", line 1: the column "in" is named twice. Leave one out.'],
    [
      'name,in\na,1001\n',
      'Shot list "list.csv", line 1: the columns "in" and "out" were expected, but its columns are: name, in. Name them in the first line.',
    ],
    [
      'in,out\n1001,1002\n1001,ten\n',
      'Shot list "list.csv", line 3: "out" should be a frame number such as 1001, or a timecode such as 01:00:10:00, but is "ten". Correct it there.',
    ],
    [
      'in,out\n1001\n',
      'Shot list "list.csv", line 2: "out" should be a frame number such as 1001, or a timecode such as 01:00:10:00, but is empty. Correct it there.',
    ],
    [
      'in,out\n1001,01:00:00:02\n',
      'Shot list "list.csv", line 2: "1001" and "01:00:00:02" are a frame number and a timecode. Write both in the same way.',
    ],
    [
      'in,out\n1010,1001\n',
      'Shot list "list.csv", line 2: it ends at 1001, before it begins at 1010. Both are included; exchange them.',
    ],
    [
      'in,out\n1001,1002,1003\n',
      'Shot list "list.csv", line 2: it has 3 cells, and the first line names 2 columns. Quote cells that hold a separator.',
    ],
    [
      'in,out,note\n1001,1002,"open\n',
      'Shot list "list.csv", line 2: a quote is opened and not closed. Close it, or double it.',
    ],
    [
      'in,out,note\n1001,1002,"a"b\n',
      'Shot list "list.csv", line 2: text follows a closing quote. Double the quotes within a quoted cell.',
    ],
    [
      'in,out,handles\n1001,1002,-3\n',
      'Shot list "list.csv", line 2: "handles" should be a number of frames from 0 to 10000, but is "-3". Correct it there.',
    ],
    [
      'name,in,out\nlate,1099,1101\n',
      'Shot list "list.csv", line 2: "late" is frames 1099 to 1101, but "/film/scan" has frames 1001 to 1100, timecode 01:00:00:00 to 01:00:04:03. Correct it, or leave it out.',
    ],
    [
      'name,in,out\nlate,01:00:04:00,01:00:04:04\n',
      'Shot list "list.csv", line 2: "late" is 01:00:04:00 to 01:00:04:04, but "/film/scan" has frames 1001 to 1100, timecode 01:00:00:00 to 01:00:04:03. Correct it, or leave it out.',
    ],
    [
      'name,in,out\nback,01:00:02:00,01:00:01:00\n',
      'Shot list "list.csv", line 2: "back", 01:00:02:00 to 01:00:01:00, ends before it begins. Exchange its ends.',
    ],
    [
      'in,out\n01:00:01:24,01:00:02:00\n',
      'Shot list "list.csv", line 2: no frame of "/film/scan" is labelled 01:00:01:24: a second has 24 frames, numbered 0 to 23.',
    ],
    [
      'name,in,out,cast\na,1001,1010,anna\nb,1005,1020,otto\n',
      'Shot list "list.csv", line 3: "b" overlaps "a" (line 2) in frame 1005, and asks for something else there. Let them ask for the same, or end one before the other.',
    ],
    [
      'name,in,out,cast,handles\na,1001,1010,anna,2\nb,1011,1020,otto,2\n',
      'Shot list "list.csv", line 3: "b" overlaps "a" (line 2) in frame 1009, and asks for something else there. Let them ask for the same, or end one before the other, or give fewer handles.',
    ],
  ])('is refused with its line: %j', (text, sentence) => {
    expect(faultOf(text, 'list.csv', scan)).toBe(sentence);
  });

  it('needs frame numbers where the reel has no timecode', () => {
    expect(() => listed('in,out\n01:00:00:00,01:00:00:02\n', 'list.csv', reelOf())).toThrow(
      'Shot list "list.csv", line 2: it names frames by timecode, and "/film/scan" has none that can be read. Give frame numbers: it has frames 1001 to 1100.',
    );
  });
});

describe('a text of records', () => {
  it('is read as it was written, whatever its cells hold', () => {
    const records = [
      ['name', 'a, b', 'c'],
      ['"', '""', 'two\r\nlines'],
      ['', ' spaced ', 'x;y'],
    ];
    expect(csvRecords(csvText(records), 'a.csv').map(({ cells }) => cells)).toEqual(records);
  });
});
