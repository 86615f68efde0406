import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyDay, nextTime, parseTimeOfDay } from '../../src/backup/daily.ts';

/** The zone that the tests run in, put back behind each. */
let zone: string | undefined;
beforeEach(() => {
  zone = process.env['TZ'];
});
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** The times of day that follow a moment, ISO 8601 in UTC, to the minute. */
function following(text: string, after: string, count: number): string[] {
  const time = parseTimeOfDay(text);
  if (time === null) throw new Error(`"${text}" is no time of day.`);
  const times: string[] = [];
  for (let at = new Date(after); times.length < count; ) {
    at = nextTime(time, at);
    times.push(at.toISOString().slice(0, 16));
  }
  return times;
}

describe('a time of day', () => {
  it.each([
    ['02:00', { hour: 2, minute: 0 }],
    ['2:05', { hour: 2, minute: 5 }],
    ['23:59', { hour: 23, minute: 59 }],
    ['00:00', { hour: 0, minute: 0 }],
    ['24:00', null],
    ['2', null],
    ['02:60', null],
    ['2 am', null],
    ['', null],
  ])('%j is read as it is meant', (text, expected) => {
    expect(parseTimeOfDay(text)).toEqual(expected);
  });

  it('comes once a day, over the ends of months and years', () => {
    process.env['TZ'] = 'UTC';
    expect(following('02:00', '2027-12-30T02:00:00Z', 3)).toEqual([
      '2027-12-31T02:00',
      '2028-01-01T02:00',
      '2028-01-02T02:00',
    ]);
    expect(following('02:00', '2028-02-28T01:59:59.999Z', 3)).toEqual([
      '2028-02-28T02:00',
      '2028-02-29T02:00',
      '2028-03-01T02:00',
    ]);
  });

  it('is that of the place, not that of Greenwich', () => {
    process.env['TZ'] = 'Asia/Kolkata';
    expect(following('02:00', '2026-06-01T12:00:00Z', 1)).toEqual(['2026-06-01T20:30']);
    process.env['TZ'] = 'America/Los_Angeles';
    expect(following('02:00', '2026-06-01T12:00:00Z', 1)).toEqual(['2026-06-02T09:00']);
  });

  it('that clocks leave out in spring comes as they are put forward, once', () => {
    process.env['TZ'] = 'Europe/Berlin';
    // On 29 March 2026 the clock goes from 2:00 to 3:00, at 1:00 UTC.
    expect(following('02:00', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:00',
      '2026-03-29T01:00',
      '2026-03-30T00:00',
    ]);
    expect(following('02:30', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:30', '2026-03-30T00:30']);
    process.env['TZ'] = 'America/New_York';
    expect(following('02:30', '2026-03-07T12:00:00Z', 2)).toEqual(['2026-03-08T07:30', '2026-03-09T06:30']);
  });

  it('that clocks show twice in autumn comes once', () => {
    process.env['TZ'] = 'Europe/Berlin';
    // On 25 October 2026 the clock goes from 3:00 back to 2:00, at 1:00 UTC.
    expect(following('02:30', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
    expect(following('02:00', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:00', '2026-10-26T01:00']);
    // Asked between the two.
    expect(following('02:30', '2026-10-25T01:00:00Z', 1)).toEqual(['2026-10-26T01:30']);
  });

  it('that a midnight leaves out comes as the day begins', () => {
    process.env['TZ'] = 'America/Sao_Paulo';
    // In 2018, on 4 November, the clock went from 0:00 to 1:00, at 3:00 UTC.
    expect(following('00:00', '2018-11-03T12:00:00Z', 2)).toEqual(['2018-11-04T03:00', '2018-11-05T02:00']);
  });
});

/** A clock that goes on when it is waited for; `wakes` counts how often. */
function drawnClock(start: string) {
  let now = Date.parse(start);
  const waits: number[] = [];
  return {
    waits,
    set: (time: string) => {
      now = Date.parse(time);
    },
    now: () => new Date(now),
    wait: async (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

describe('every day', () => {
  beforeEach(() => {
    process.env['TZ'] = 'UTC';
  });

  it('work is done at its time until it is stopped, and each next time is told', async () => {
    const clock = drawnClock('2026-11-28T01:58:30Z');
    const stop = new AbortController();
    const did: string[] = [];
    const told: string[] = [];
    const work = async () => {
      did.push(clock.now().toISOString());
      if (did.length === 3) stop.abort();
    };
    const onNext = (at: Date) => void told.push(at.toISOString());
    await everyDay({ hour: 2, minute: 0 }, work, { clock, signal: stop.signal, onNext });
    expect(did).toEqual(['2026-11-28T02:00:00.000Z', '2026-11-29T02:00:00.000Z', '2026-11-30T02:00:00.000Z']);
    expect(told).toEqual(did);
    expect(Math.max(...clock.waits)).toBe(60_000);
    expect(clock.waits.slice(0, 2)).toEqual([60_000, 30_000]);
  });

  it('a machine that slept over the time works when it wakes, and then at its time', async () => {
    const clock = drawnClock('2026-11-28T01:00:00Z');
    const stop = new AbortController();
    const did: string[] = [];
    const wait = async (milliseconds: number) => {
      if (clock.waits.length === 10) clock.set('2026-11-28T07:30:00Z');
      await clock.wait(milliseconds);
    };
    const work = async () => {
      did.push(clock.now().toISOString());
      if (did.length === 2) stop.abort();
    };
    await everyDay({ hour: 2, minute: 0 }, work, { clock: { ...clock, wait }, signal: stop.signal, onNext: () => {} });
    expect(did).toEqual(['2026-11-28T07:31:00.000Z', '2026-11-29T02:00:00.000Z']);
  });

  it('work that takes longer than a day leaves out what it missed', async () => {
    const clock = drawnClock('2026-11-28T01:00:00Z');
    const stop = new AbortController();
    const did: string[] = [];
    const work = async () => {
      did.push(clock.now().toISOString());
      if (did.length === 1) clock.set('2026-11-29T12:00:00Z');
      else stop.abort();
    };
    await everyDay({ hour: 2, minute: 0 }, work, { clock, signal: stop.signal, onNext: () => {} });
    expect(did).toEqual(['2026-11-28T02:00:00.000Z', '2026-11-30T02:00:00.000Z']);
  });

  it('nothing is done when it is stopped while it waits', async () => {
    const stop = new AbortController();
    const clock = { now: () => new Date('2026-11-28T01:00:00Z'), wait: async () => stop.abort() };
    let did = 0;
    const work = async () => {
      did += 1;
    };
    await everyDay({ hour: 2, minute: 0 }, work, { clock, signal: stop.signal, onNext: () => {} });
    expect(did).toBe(0);
  });
});
