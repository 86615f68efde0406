import { describe, expect, it } from 'vitest';
import { type PreviewPage, renderPreviewPage } from '../../src/report/preview-page.ts';

const BEGUN: PreviewPage = {
  title: 'scan "A" <1>',
  said: 'The frames that were asked for: frames 1001–1048.',
  how: 'Restored with “detail”, preset “restore”.',
  running: true,
  pairs: [],
  clips: null,
  grid: null,
  faces: [],
  sheets: [],
  ways: [{ name: '', command: "reelmend restore '/film/scan <1>' --out scan-restored" }],
  notes: [],
  version: '0.1.0',
};
const PAIR = { frame: '1024  01:00:00:23', width: 1920, height: 1080, before: 'frame-1024-before.jpg' };
const FINISHED: PreviewPage = {
  ...BEGUN,
  running: false,
  pairs: [{ ...PAIR, after: [{ name: 'after', file: 'frame-1024-after.jpg' }] }],
  clips: { wipe: 'wipe.mp4', sideBySide: 'side-by-side.mp4', width: 960, height: 540, rate: 24 },
  faces: [
    {
      ...{ track: 'f1001', person: 'actor', frame: 1024, why: 'changed', change: 1.25, width: 200, height: 200 },
      files: {
        1: { before: 'face-before-1x.png', after: 'face-after-1x.png' },
        2: { before: 'face-before-2x.png', after: 'face-after-2x.png' },
      },
    },
  ],
  sheets: [{ shot: 1, name: 'sheet-shot-1.jpg', width: 800, height: 600, shown: 24, of: 48 }],
};

/** What a page asks for as soon as it is opened, and what it leads to. */
const filesOf = (page: string) => [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file]) => file);

describe('the page of a preview', () => {
  it('loads itself anew while pictures are to come, with a script or without, and says so; then no more', () => {
    const asks = '<noscript><meta http-equiv="refresh" content="3"></noscript>';
    const says = 'Pictures are still being made; this page shows them as they come.';
    for (const part of [asks, says]) {
      expect(renderPreviewPage(BEGUN)).toContain(part);
      expect(renderPreviewPage(FINISHED)).not.toContain(part);
    }
    // The script looks for what says so.
    expect(renderPreviewPage(BEGUN)).toContain("if (document.querySelector('.running'))");
    expect(renderPreviewPage(BEGUN)).toContain('<p class="running"');
  });

  it('asks for nothing but what lies beside it, and for no picture before there is one', () => {
    expect(filesOf(renderPreviewPage(BEGUN))).toEqual([]);
    const page = renderPreviewPage(FINISHED);
    for (const file of filesOf(page)) expect(file).toMatch(/^[\w.-]+\.(jpg|png|mp4)$/);
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<link|<iframe/i);
    expect(page).toContain("default-src 'none'; img-src 'self' file:; media-src 'self' file:");
  });

  it('shows names as they are', () => {
    const page = renderPreviewPage(BEGUN);
    expect(page).toContain('<title>scan &quot;A&quot; &lt;1&gt; – Reelmend preview</title>');
    expect(page).toContain('reelmend restore &#39;/film/scan &lt;1&gt;&#39; --out scan-restored');
  });

  it('lets both sides of an edge be chosen where versions are compared', () => {
    const after = ['repair', 'detail'].map((name) => ({ name, file: `frame-1024-after-${name}.jpg` }));
    const page = renderPreviewPage({ ...FINISHED, clips: null, pairs: [{ ...PAIR, after }] });
    const chosen = [...page.matchAll(/<option value="([^"]*)" selected>([^<]*)/g)].map(([, file, name]) => [
      file,
      name,
    ]);
    expect(chosen).toEqual([
      ['frame-1024-before.jpg', 'before'],
      ['frame-1024-after-repair.jpg', 'repair'],
    ]);
    expect(page.match(/<option/g)).toHaveLength(6);
  });
});
