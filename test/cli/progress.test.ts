import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { paceMeter } from '../../src/cli/pace.ts';
import { liveLine, type ProgressLine, plainLines, progressLines, progressText } from '../../src/cli/progress.ts';
import type { Progress } from '../../src/pipeline/job.ts';
import { formatSeconds } from '../../src/report/format-seconds.ts';

const observation = (done: number): Progress => ({ stage: 'tracking', done, total: 240, unit: 'frames' });

/** What is written when a frame of 240 is done every `step` seconds, line by line. */
function linesOf(interval: number, step: number, frames: number): ProgressLine[] {
  let time = 0;
  const lines: ProgressLine[] = [];
  const source = new Subject<Progress>();
  source.pipe(progressLines(interval, () => time)).subscribe((line) => lines.push(line));
  for (let done = 0; done <= frames; done++) {
    source.next(observation(done));
    time += step;
  }
  return lines;
}

describe('progress', () => {
  it('shows share, pace, time left, and skipped runs', () => {
    const text = progressText(
      { stage: 'tracking', done: 120, total: 240, unit: 'frames', faces: 2, runs: 34, skipped: 326 },
      { rate: 31.24, remaining: 3.84 },
    );
    expect(text).toBe(
      'Tracking faces  120/240 frames (50 %), 31.2 frames/s, 4 s left, 2 faces, 34 runs made, 326 skipped',
    );
  });

  it('leaves out what is not known', () => {
    expect(progressText({ stage: 'models', done: 1.25, total: 0, unit: 'MiB' }, { rate: null, remaining: null })).toBe(
      'Fetching models  1.3 MiB',
    );
    expect(progressText({ stage: 'report', done: 0, total: 0, unit: 'frames' }, { rate: null, remaining: null })).toBe(
      'Reporting',
    );
  });

  it('measures the rate over the last seconds, not over a slow start', () => {
    const measure = paceMeter();
    for (let s = 0; s <= 10; s++) measure(0, 1000, s);
    let pace = measure(0, 1000, 10);
    for (let s = 11; s <= 40; s++) pace = measure(10 * (s - 10), 1000, s);
    expect(pace.rate).toBeCloseTo(10, 5);
    expect(pace.remaining).toBeCloseTo(70, 5);
    expect(paceMeter()(5, 10, 0)).toEqual({ rate: null, remaining: null });
  });

  it('is written at an interval, at the start of a stage and at its end', () => {
    const lines = linesOf(10, 0.125, 240);
    expect(lines.map(({ text }) => text)).toEqual([
      'Tracking faces  0/240 frames (0 %)',
      'Tracking faces  80/240 frames (33 %), 8.0 frames/s, 20 s left',
      'Tracking faces  160/240 frames (66 %), 8.0 frames/s, 10 s left',
      'Tracking faces  240/240 frames (100 %), 8.0 frames/s',
    ]);
    expect(lines.map(({ turn }) => turn)).toEqual([true, false, false, true]);
  });

  it('rewrites one line of a terminal, keeps each stage’s last, and fits the window', () => {
    const written: string[] = [];
    const stages: Progress[] = [
      observation(0),
      observation(240),
      { stage: 'rendering', done: 0, total: 9, unit: 'frames' },
    ];
    from(stages)
      .pipe(progressLines(0.1, () => 0))
      .subscribe(liveLine({ write: (text) => written.push(text), columns: 31 }));
    expect(written).toEqual([
      '\rTracking faces  0/240 frames …\x1b[K',
      '\rTracking faces  240/240 frame…\x1b[K',
      '\n',
      '\rRestoring  0/9 frames (0 %)\x1b[K',
      '\n',
    ]);
  });

  it('leaves the cursor on a new line when the run fails', () => {
    const written: string[] = [];
    const source = new Subject<Progress>();
    source.pipe(progressLines(0.1, () => 0)).subscribe(liveLine({ write: (text) => written.push(text) }));
    source.next(observation(3));
    source.error(new Error('no'));
    expect(written.at(-1)).toBe('\n');
  });

  it('is a line each without a terminal', () => {
    const written: string[] = [];
    from([observation(0), observation(240)])
      .pipe(progressLines(10, () => 0))
      .subscribe(plainLines({ write: (text) => written.push(text) }));
    expect(written.join('')).toBe('Tracking faces  0/240 frames (0 %)\nTracking faces  240/240 frames (100 %)\n');
  });

  it('writes times for people', () => {
    expect([0.4, 59.4, 60, 245, 3600, 7985].map(formatSeconds)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '4 min 5 s',
      '1 h',
      '2 h 13 min',
    ]);
  });
});
