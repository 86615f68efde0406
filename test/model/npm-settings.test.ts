import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmSettings } from '../../src/model/npm-settings.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'reelmend-npm-'));
  const lines = [
    '; a comment = not a setting',
    'registry = https://registry.example/npm/',
    '@studio:registry=https://studio.example/',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: npm writes variables so.
    '//studio.example/:_authToken=${STUDIO_TOKEN}',
    'strict-ssl=false',
    `cafile=${join(home, 'ca.pem')}`,
  ];
  await writeFile(join(home, '.npmrc'), lines.join('\n'));
  await writeFile(join(home, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n');
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('npm’s settings', () => {
  it('are the user’s', async () => {
    expect(await npmSettings({ STUDIO_TOKEN: 'secret', npm_config_globalconfig: '/nowhere' }, home)).toMatchObject({
      registry: 'https://registry.example/npm/',
      '@studio:registry': 'https://studio.example/',
      '//studio.example/:_authToken': 'secret',
      strictSSL: false,
      ca: ['-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----'],
    });
  });

  it('give way to the environment’s', async () => {
    const settings = await npmSettings(
      { NPM_CONFIG_REGISTRY: 'https://other.example/', npm_config_https_proxy: 'http://p:1' },
      home,
    );
    expect(settings).toMatchObject({ registry: 'https://other.example/', httpsProxy: 'http://p:1' });
  });
});
