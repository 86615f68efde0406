import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { parseListenAddress } from '../../src/log/listen-address.ts';
import { type ServedMetrics, serveMetrics } from '../../src/log/metrics.ts';
import { COMMAND } from '../e2e/command.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

/** A scrape: each sample by its name and labels, as they are written; those of the process itself left out. */
async function scraped({ url }: ServedMetrics): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const samples = (await answer.text()).split('\n').filter((line) => /^reelmend_/.test(line));
  return Object.fromEntries(
    samples.map((line) => {
      const match = /^(\S+?(?:\{.*\})?) (\S+)$/.exec(line);
      if (!match) throw new Error(`No sample of the text format: ${line}`);
      return [match[1] as string, Number(match[2])];
    }),
  );
}

describe('metrics', () => {
  it('count takes, frames, faults and time by the events of a run', async () => {
    await using metrics = await serveMetrics(LOOPBACK);
    const device = 'cpu';
    metrics.observe({ code: 'TAKE_RENDERED', labels: { device }, counts: { frames: 48, restored: 40 }, seconds: 7 });
    metrics.observe({ code: 'TAKE_RENDERED', labels: { device }, counts: { frames: 8, restored: 8 }, seconds: 0.2 });
    metrics.observe({ code: 'TAKE_COPIED', counts: { frames: 4, restored: 0 }, seconds: 0.01 });
    metrics.observe({ code: 'TAKE_KEPT', counts: { frames: 100, restored: 100 } });
    metrics.observe({ code: 'E_FRAME_DAMAGED', counts: { frames: 1 }, reason: 'cut off' });
    metrics.observe({ code: 'FACE_REFUSED', counts: { refused: 3 }, reason: 'small' });
    metrics.observe({ code: 'STAGE_FINISHED', labels: { stage: 'tracking' }, seconds: 3 });
    expect(await scraped(metrics)).toMatchObject({
      'reelmend_events_total{code="TAKE_RENDERED",level="info"}': 2,
      'reelmend_takes_total{outcome="rendered"}': 2,
      'reelmend_takes_total{outcome="copied"}': 1,
      'reelmend_takes_total{outcome="kept"}': 1,
      reelmend_frames_total: 60,
      reelmend_frames_restored_total: 48,
      'reelmend_frames_isolated_total{code="E_FRAME_DAMAGED"}': 1,
      'reelmend_faces_refused_total{reason="small"}': 3,
      'reelmend_take_seconds_count{device="cpu"}': 2,
      'reelmend_take_seconds_sum{device="cpu"}': 7.2,
      'reelmend_take_seconds_bucket{le="0.1",device="cpu"}': 0,
      'reelmend_take_seconds_bucket{le="0.25",device="cpu"}': 1,
      'reelmend_take_seconds_bucket{le="10",device="cpu"}': 2,
      'reelmend_stage_seconds_sum{stage="tracking"}': 3,
    });
  });

  it('count what a farm does, steps by their kind', async () => {
    await using metrics = await serveMetrics(LOOPBACK);
    metrics.observe({ code: 'STEP_DONE', labels: { step: 'take-12' }, seconds: 20 });
    metrics.observe({ code: 'STEP_DONE', labels: { step: 'take-13' }, seconds: 22 });
    metrics.observe({ code: 'STEP_REDELIVERED', labels: { step: 'take-13' } });
    metrics.observe({ code: 'E_SLOT_CRASHED' });
    metrics.observe({ code: 'E_SLOT_HUNG' });
    metrics.observe({ code: 'E_STEP_GIVEN_UP', labels: { step: 'take-9' }, counts: { frames: 48 } });
    metrics.setDepth({ waiting: 5, active: 2 });
    metrics.setDepth({ waiting: 4 });
    expect(await scraped(metrics)).toMatchObject({
      'reelmend_step_seconds_count{step="take"}': 2,
      'reelmend_step_seconds_sum{step="take"}': 42,
      reelmend_redeliveries_total: 1,
      reelmend_slot_crashes_total: 2,
      'reelmend_frames_isolated_total{code="E_STEP_GIVEN_UP"}': 48,
      'reelmend_queue_depth{state="waiting"}': 4,
      'reelmend_queue_depth{state="active"}': 2,
    });
  });

  it('are named in docs/logs.md, each', async () => {
    const document = await readFile(join(packageFolder(), 'docs', 'logs.md'), 'utf8');
    await using metrics = await serveMetrics(LOOPBACK);
    const kinds = [...(await (await fetch(metrics.url)).text()).matchAll(/^# TYPE (reelmend_\w+) (\w+)$/gm)];
    const listed = [...document.matchAll(/^\| `(reelmend_\w+)` \| (\w+) \|/gm)];
    const sorted = (rows: readonly RegExpMatchArray[]) => rows.map(([, name, kind]) => `${name} ${kind}`).sort();
    expect(sorted(listed)).toEqual(sorted(kinds));
  });

  it('are of one process and its own, beside others of this program', async () => {
    await using one = await serveMetrics(LOOPBACK);
    await using other = await serveMetrics(LOOPBACK);
    one.observe({ code: 'E_DEVICE_LOST' });
    expect((await scraped(one))['reelmend_device_losses_total']).toBe(1);
    expect((await scraped(other))['reelmend_device_losses_total']).toBe(0);
  });

  it('are read only, and nowhere else', async () => {
    await using metrics = await serveMetrics(LOOPBACK);
    expect((await fetch(metrics.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(metrics.url, { method: 'HEAD' })).status).toBe(200);
    const elsewhere = await fetch(new URL('/', metrics.url));
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'Metrics are at /metrics.\n']);
  });

  it('are refused an address where another process listens', async () => {
    await using metrics = await serveMetrics(LOOPBACK);
    const port = Number(new URL(metrics.url).port);
    await expect(serveMetrics({ host: '127.0.0.1', port })).rejects.toThrow(
      `Metrics cannot be served on 127.0.0.1:${port}: another process listens there. Choose another port.`,
    );
  });

  it('are refused an address that the machine does not have', async () => {
    await expect(serveMetrics({ host: '192.0.2.1', port: 9464 })).rejects.toThrow(
      'Metrics cannot be served on 192.0.2.1:9464: this machine has no such address. Choose 127.0.0.1 or 0.0.0.0.',
    );
  });
});

describe('metrics where the package that makes them is not installed', () => {
  it('are refused with a sentence before anything is done', () => {
    const hide = pathToFileURL(join(import.meta.dirname, 'hide-prom-client.mjs'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'inspect', 'reel', '--metrics', '0'], {
      env: { ...process.env, NODE_OPTIONS: `--import=${hide}` },
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'reelmend: The package "prom-client", which metrics need, is not installed. Run "npm install prom-client@15.1.3", or leave --metrics out.\n',
    });
  });
});

describe('an address to listen on', () => {
  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('is %s', (text, address) => {
    expect(parseListenAddress('--metrics', text)).toEqual(address);
  });

  it.each(['', 'x', '70000', ':9464', '::1:9464', 'http://a:1', '9464/metrics'])('is not "%s"', (text) => {
    expect(() => parseListenAddress('--metrics', text)).toThrow(
      `--metrics "${text}" is not an address. Write a port, such as 9464, to listen on this machine only, or an address and a port, such as 0.0.0.0:9464.`,
    );
  });
});
