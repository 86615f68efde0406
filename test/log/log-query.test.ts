import { describe, expect, it } from 'vitest';
import { type LogLine, readLine } from '../../src/log/log-line.ts';
import { type LogQuestion, lineFilter } from '../../src/log/log-query.ts';
import type { RunEvent } from '../../src/log/run-event.ts';
import { drawnLine } from './drawn-line.ts';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');

function lineOf(event: RunEvent, time = '2026-03-02T11:00:00.000Z', host = 'render-01'): LogLine {
  const line = readLine(drawnLine(time, event, host))?.line;
  if (!line) throw new Error('The line cannot be read.');
  return line;
}

const LINES = {
  damage: lineOf({ code: 'E_FRAME_DAMAGED', labels: { reel: '/scans/r1', frame: 1043 } }),
  take: lineOf({
    code: 'TAKE_RENDERED',
    labels: { reel: '/scans/r1', shot: 3, take: '1001-1048', gpu: '0,3', device: 'NVIDIA H200 (Vulkan)' },
  }),
  other: lineOf({ code: 'TAKE_RENDERED', labels: { reel: '/scans/r2', shot: 1, take: '1-48', device: 'cpu' } }),
  failed: lineOf(
    { code: 'E_RUN_FAILED', labels: { reel: '/scans/r2' }, error: new RangeError('too far') },
    '2026-03-02T09:30:00.000Z',
    'render-02',
  ),
};

const answersTo = (question: LogQuestion) => {
  const isAnswer = lineFilter(question, NOON);
  return Object.entries(LINES).flatMap(([name, line]) => (isAnswer(line) ? [name] : []));
};

describe('a question to logs', () => {
  it.each<[string, LogQuestion, string[]]>([
    ['nothing', {}, ['damage', 'take', 'other', 'failed']],
    ['a code', { code: 'TAKE_RENDERED' }, ['take', 'other']],
    ['codes with a star, in small letters', { code: 'e_*' }, ['damage', 'failed']],
    ['several codes', { code: 'E_FRAME_DAMAGED, E_RUN_FAILED' }, ['damage', 'failed']],
    ['a class of errors', { code: 'RangeError' }, ['failed']],
    ['a code that is a part of others', { code: 'TAKE' }, []],
    ['a card', { gpu: '3' }, ['take']],
    ['a card of which only the name has the number', { gpu: '200' }, []],
    ['a part of an adapter’s name', { gpu: 'h200' }, ['take']],
    ['a part of the reel', { reel: 'r2' }, ['other', 'failed']],
    ['a machine', { host: 'render-02' }, ['failed']],
    ['what is bad, or worse', { level: 'warn' }, ['damage', 'failed']],
    ['the worst', { level: 'error' }, ['failed']],
    ['a shot', { shot: '3' }, ['take']],
    ['a frame, which takes may have', { frame: '1043' }, ['damage', 'take']],
    ['the last frame of a take', { frame: '48' }, ['other']],
    ['the frame behind it', { frame: '49' }, []],
    ['the last two hours', { since: '2h' }, ['damage', 'take', 'other']],
    ['until a moment', { until: '2026-03-02T10:00:00Z' }, ['failed']],
    ['a day', { since: '2026-03-02', until: '2026-03-03' }, ['damage', 'take', 'other', 'failed']],
    ['all at once', { code: 'TAKE_*', reel: 'r1', frame: '1048', since: '90m' }, ['take']],
  ])('is answered by lines of %s', (_, question, answers) => {
    expect(answersTo(question)).toEqual(answers);
  });

  it.each<[LogQuestion, string]>([
    [{ level: 'bad' }, '--level "bad" is not one of info, warn, error.'],
    [{ frame: 'x' }, '--frame "x" is not a number of a frame. Write it as digits, such as 1043.'],
    [
      { since: 'soon' },
      '--since "soon" is no time. Write how long ago, such as 90s, 30m, 2h or 7d, or when, such as 2026-03-02T10:00:00Z.',
    ],
    [
      { until: '2026-13-02' },
      '--until "2026-13-02" is no time. Write how long ago, such as 90s, 30m, 2h or 7d, or when, such as 2026-03-02T10:00:00Z.',
    ],
  ])('is refused where it means nothing: %o', (question, message) => {
    expect(() => lineFilter(question, NOON)).toThrow(message);
  });
});
