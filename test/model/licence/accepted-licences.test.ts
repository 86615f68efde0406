import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '../../../src/model/contract.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { acceptedOn, acceptLicences, assertAccepted } from '../../../src/model/licence/accepted-licences.ts';
import { LicenceError } from '../../../src/model/licence/licence-error.ts';
import { licenceUse } from '../../../src/model/licence/licence-use.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-licences-'));
  vi.stubEnv('REELMEND_CONFIG', join(folder, 'config'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A library in which the licences of "one" and "two" are not free, and that of "three" is. */
async function library(stated = 'CC-BY-NC-4.0') {
  const contract = JSON.parse(await readFile('models/faceres.json', 'utf8'));
  const licences = {
    one: { ...contract.licence, stated, statedIn: 'its README.', use: 'non-commercial' },
    two: { ...contract.licence, stated: 'see the author', statedIn: 'a forum' },
    three: contract.licence,
  };
  for (const [id, licence] of Object.entries(licences)) {
    await writeFile(join(folder, `${id}.json`), JSON.stringify({ ...contract, id, title: `Network ${id}`, licence }));
  }
  return openLibrary({ contractsDir: folder, ownDir: folder });
}

describe('a licence', () => {
  it('is free by a permissive identifier, unknown by any other, and as the contract says where it says so', () => {
    const used = (stated: string, use?: 'copyleft' | 'free') =>
      licenceUse({ licence: { stated, ...(use && { use }) } } as unknown as Contract);
    expect(
      ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'mit', 'GPL-3.0-only', 'see the author'].map((one) => used(one)),
    ).toEqual(['free', 'free', 'free', 'unknown', 'unknown', 'unknown']);
    expect(used('GPL-3.0-only', 'copyleft')).toBe('copyleft');
    expect(used('by letter', 'free')).toBe('free');
  });

  it('that is not free must be accepted: one error names all, and its flags accept them', async () => {
    const models = await library();
    const ids = ['three', 'one', 'two', 'one'];
    await expect(assertAccepted(models, ids)).rejects.toThrow(
      new LicenceError([await models.contract('one'), await models.contract('two')]),
    );
    const error: LicenceError = await assertAccepted(models, ids).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.message).toBe(
      `These networks’ licences are not free, and not accepted yet:
  one (Network one): "CC-BY-NC-4.0", as stated in its README; it is not for commercial use.
  two (Network two): "see the author", as stated in a forum; it is not known to allow your use.
Read them; where they allow what you do, add once: --accept-licence one --accept-licence two`,
    );
    const flags = [...error.message.matchAll(/--accept-licence (\S+)/g)].map(([, id]) => id as string);
    await acceptLicences(models, flags);
    await assertAccepted(models, ids);
  });

  it('is accepted once, with the date, whatever else is accepted later', async () => {
    vi.useFakeTimers({ now: new Date('2026-03-01T23:30:00Z'), toFake: ['Date'] });
    const models = await library();
    try {
      await acceptLicences(models, ['one']);
      vi.setSystemTime(new Date('2026-04-02T00:00:00Z'));
      await acceptLicences(models, ['two', 'one']);
    } finally {
      vi.useRealTimers();
    }
    expect(await acceptedOn(await models.contract('one'))).toBe('2026-03-01');
    expect(await acceptedOn(await models.contract('two'))).toBe('2026-04-02');
    expect(await acceptedOn(await models.contract('three'))).toBeNull();
  });

  it('that is stated otherwise now must be accepted anew', async () => {
    await acceptLicences(await library(), ['one']);
    const other = await library('CC-BY-NC-ND-4.0');
    await expect(assertAccepted(other, ['one'])).rejects.toThrow('"CC-BY-NC-ND-4.0", as stated in its README');
    await acceptLicences(other, ['one']);
    await assertAccepted(other, ['one']);
  });

  it('of an unknown network cannot be accepted, and nothing is noted', async () => {
    await expect(acceptLicences(await library(), ['one', 'four'])).rejects.toThrow('No model is called "four".');
    await expect(readFile(join(folder, 'config', 'licences.json'))).rejects.toThrow('ENOENT');
  });

  it('is not taken as accepted where the notes are damaged', async () => {
    const models = await library();
    await acceptLicences(models, ['one']);
    const path = join(folder, 'config', 'licences.json');
    await writeFile(path, '{"accepted":[{"id":"one"}]}');
    await expect(assertAccepted(models, ['one'])).rejects.toThrow(
      `The accepted licences in ${path} are damaged. Remove the file, and accept them anew with --accept-licence.`,
    );
    await rm(path);
    await acceptLicences(models, ['one']);
    await assertAccepted(models, ['one']);
  });
});
