import { describe, expect, it } from 'vitest';
import type { PictureRecord } from '../../../src/report/pictures/picture-record.ts';
import { doubtsPage, type PicturesPages } from '../../../src/report/pictures/pictures-page.ts';
import { PICTURES_FORMAT, picturesReportSchema } from '../../../src/report/pictures/pictures-report.ts';

const NONE = { detector: 0, landmarker: 0, refiner: 0, recogniser: 0, restorer: 0 };
const NO_TIME = { read: 0, networks: 0, restore: 0, write: 0 };

/** The first page of a run over so many pictures that are in doubt, with so many beside them that were not reached. */
function pageOf(doubtful: number, unreached: number): string {
  const report = picturesReportSchema.parse({
    ...{ format: PICTURES_FORMAT, version: '0.0.0', finished: '2026-03-02T10:00:00.000Z', job: '0'.repeat(64) },
    ...{ folder: '/album', out: '/out', preset: { name: 'restore', hash: '0'.repeat(64) }, restorer: 'detail' },
    ...{ device: { name: 'cpu', reason: '' }, models: {}, people: [], threshold: null, notes: [] },
    pictures: { in: doubtful, out: doubtful, restored: 0, untouched: 0, damaged: doubtful, lost: 0 },
    ...{ faces: { restored: 0, refused: 0, unmatched: 0 }, done: doubtful, kept: 0, doubtful, runs: NONE },
    ...{ seconds: {}, perPicture: NO_TIME, peakMemoryMiB: null },
  });
  const doubts = Array.from({ length: doubtful }, (_, k): PicturesPages['doubts'][number] => {
    const record: PictureRecord = {
      ...{ name: `${k}.jpg`, key: '0'.repeat(64), source: { sha256: null, bytes: 1, written: 1 }, output: null },
      ...{ outcome: 'damaged', faces: [], notes: [], runs: NONE, seconds: NO_TIME },
    };
    return { record, weight: 6, reasons: ['is damaged'] };
  });
  const lost = Array.from({ length: unreached }, (_, k) => ({ name: `link ${k} <&>.jpg`, why: 'leads nowhere' }));
  return doubtsPage({ report, doubts, lost });
}

describe('the first page of a report on pictures', () => {
  it('lists five hundred pictures in doubt, and says where the others are', () => {
    const page = pageOf(502, 0);
    expect(page).toContain('499.jpg');
    expect(page).not.toContain('500.jpg');
    expect(page).toContain('and 2 more, in the pages of all pictures.');
  });

  it('lists what was not reached, by names that are no markup, and does not send to pages that lack the others', () => {
    const page = pageOf(0, 501);
    expect(page).toContain('link 0 &lt;&amp;&gt;.jpg');
    expect(page).toContain('and 1 more.');
    expect(pageOf(0, 500)).not.toContain(' more.');
  });
});
