import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineChart } from '../../src/report/line-chart.ts';
import { reportSchema } from '../../src/report/report.ts';
import { renderReportPage } from '../../src/report/report-page.ts';
import { tracksFileSchema } from '../../src/report/tracks-file.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { pageOf, REPORT, TRACKS } from './report-of.ts';

const LISTS = new Map([['shots.csv', 'name,in,out\r\n']]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a report', () => {
  it('is a folder of two contracts, a page and lists of shots, and replaces an earlier one', async () => {
    const out = join(folder, 'out.report');
    const page = await pageOf();
    for (let run = 0; run < 2; run++) await writeReport(out, { report: REPORT, tracks: TRACKS, page, files: LISTS });
    expect((await readdir(out)).sort()).toEqual(['index.html', 'report.json', 'shots.csv', 'tracks.json']);
    const json = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8'));
    expect(reportSchema.parse(await json('report.json'))).toEqual(REPORT);
    expect(tracksFileSchema.parse(await json('tracks.json'))).toEqual(TRACKS);
  });

  it('that cannot be written says where', async () => {
    const file = join(folder, 'in-the-way');
    await writeFile(file, '');
    const written = writeReport(join(file, 'report'), {
      report: REPORT,
      tracks: TRACKS,
      page: await pageOf(),
      files: LISTS,
    });
    await expect(written).rejects.toThrow(/in-the-way.* cannot be written/);
  });
});

describe('the report page', () => {
  it('asks for nothing outside itself', async () => {
    const page = await renderReportPage(await pageOf());
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<link|<iframe|src="(?!data:)/i);
    expect(page).toContain("default-src 'none'");
  });

  it('shows pairs with a wipe, shots, tracks with their casting and curves, runs, damage, outputs and notes', async () => {
    const page = await renderReportPage(await pageOf());
    const text = page
      .replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const expected of [
      'gate weave 0.31 pixels, camera 0.04 and head 1.3 pixels a frame',
      '87 of 100 frames restored with “replace”, preset “restore”; 1920 × 1080, 24 frames/s, gbrp10le.',
      '134 59 % spared of 324',
      'The reel says nothing of its colour; Rec. 709 was assumed.',
      '1096 scan.1096.dpx cut off at 40 % of its length',
      '1 1001–1060 actor, t2',
      't1 actor similarity 0.71 shot 1, frames 1004–1060 56 of 57 frames restored, 1 left alone',
      't2 nobody similarity 0.12 shot 1, frames 1021–1045 not restored',
      'sharpness × 1.67 1.50 → 2.5',
      'shaded: frame 1031 left alone, a light of its own;',
      'likeness + 0.050 0.610 → 0.660, 2 frames',
      '1013 changed most: 9.0 levels of 255 beyond grain',
      'landmarks in 33 % of the frames, identity in 3',
      'detector 10 6 0 16 100 84 %',
      't1 actor 56 1 1.50 → 2.5',
      '1.20 → 0.80',
      'Timecode 01:00:00:00',
      '/film/restored 100 1212',
      '2 1061–1100 cpu kept',
    ]) {
      expect(text).toContain(expected);
    }
    expect(page.match(/class="wipe"/g)).toHaveLength(2);
    expect(page.match(/<input type="range"/g)).toHaveLength(2);
    expect(page.match(/<figure class="chart">/g)).toHaveLength(9);
    expect(page.match(/data:image\/jpeg;base64,/g)).toHaveLength(6 + 5);
  });

  it('names every network with its licence, and when that was accepted', async () => {
    const page = await renderReportPage(await pageOf());
    expect(page).toContain(
      '<td>ArcFace of WebFace600K, ResNet-50 (arcface-w600k-r50)</td><td>recognise</td><td>non-commercial research</td><td>non-commercial</td><td>2026-03-01</td>',
    );
  });

  it('names what was written beside the output, and says of patches what their alpha is', async () => {
    const page = await pageOf();
    const beside = [
      { kind: 'mattes', folder: '/film/mattes' },
      { kind: 'patches', folder: '/film/comp', alpha: 'straight' },
    ] as const;
    const report = reportSchema.parse({ ...REPORT, beside });
    const text = (await renderReportPage({ ...page, report })).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('mattes /film/mattes patches, straight /film/comp');
  });

  it('escapes what comes from file names', async () => {
    const page = await renderReportPage(await pageOf());
    expect(page).toContain('<h1>scan &quot;A&quot; &lt;1&gt;</h1>');
    expect(page).not.toContain('<1>');
  });

  it('gives every picture and curve words', async () => {
    const page = await renderReportPage(await pageOf());
    for (const image of page.match(/<img[^>]*>/g) ?? []) expect(image).toMatch(/alt="[^"]+"/);
    for (const svg of page.match(/<svg[^>]*>/g) ?? []) expect(svg).toMatch(/aria-label="[^"]+"/);
    for (const input of page.match(/<input[^>]*>/g) ?? []) expect(input).toMatch(/aria-label="[^"]+"/);
    expect(page).toContain(
      'aria-label="Likeness to the stills, frames 1004 to 1060. output from 0.66 to 0.66; plate from 0.60 to 0.62; identity samples from 0.69 to 0.74."',
    );
  });

  it('without a face says so', async () => {
    const page = await pageOf();
    const empty = await renderReportPage({ ...page, pairs: [], tracks: { ...TRACKS, tracks: [] } });
    expect(empty).toContain('No face was found.');
    expect(empty).not.toContain('Before and after');
  });
});

describe('a curve', () => {
  it('of many frames keeps its peaks', () => {
    const points = Array.from({ length: 20_000 }, (_, k) => [k, k === 12_345 ? 9 : Math.sin(k / 50)] as const);
    const chart = {
      title: 'x',
      unit: '',
      frames: [0, 19_999] as const,
      series: [{ name: 'x', points, style: 'line' as const }],
    };
    const { markup } = lineChart(chart);
    const heights = [...markup.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(heights.length).toBeLessThan(1000);
    expect(Math.min(...heights)).toBe(8);
  });

  it('has gaps where nothing was measured', () => {
    const points = [
      [1, 0],
      [2, null],
      [3, 1],
    ] as const;
    const { markup } = lineChart({
      title: 'x',
      unit: '',
      frames: [1, 3],
      series: [{ name: 'x', points, style: 'line' }],
    });
    expect(markup).toMatch(/d="M44 100M632 8"/);
  });

  it('of one value, or none, is still drawn', () => {
    for (const points of [[], [[1, 0.5]]] as (readonly [number, number])[][]) {
      const { markup } = lineChart({
        title: 'x',
        unit: '',
        frames: [1, 1],
        series: [{ name: 'x', points, style: 'stem' }],
      });
      expect(markup).not.toContain('NaN');
    }
  });
});
