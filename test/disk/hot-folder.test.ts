import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HotWish, openHotFolder } from '../../src/disk/hot-folder.ts';
import type { HotNews } from '../../src/disk/hot-room.ts';
import { sha256Of } from '../../src/disk/sha256.ts';

const KIB = 2 ** 10;

let work: string;
let folder: string;
let holders: ChildProcess[];

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'reelmend-hot-'));
  folder = join(work, 'hot');
  holders = [];
});
afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  await rm(work, { recursive: true, force: true });
});

/** A file of chance, and how often it was copied. */
async function source(name: string, bytes = 100 * KIB): Promise<HotWish & { path: string; fills: () => number }> {
  const path = join(work, name);
  await writeFile(path, randomBytes(bytes));
  let fills = 0;
  const fill = async (draft: string) => {
    fills += 1;
    await copyFile(path, draft);
  };
  return { path, bytes, sha256: sha256Of(await readFile(path)), fill, fills: () => fills };
}

const copies = async () => (await readdir(join(folder, 'copies'))).sort();

/** A process that holds a file, and the file's path there. */
async function holderOf(
  wish: HotWish & { path: string },
  most: number,
): Promise<{ holder: ChildProcess; path: string }> {
  const args = [join(import.meta.dirname, 'hot-holder.mjs'), folder, wish.path, wish.sha256, `${most}`];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  holders.push(holder);
  const [line] = (await once(holder.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { holder, path: line.toString().trim() };
}

describe('a hot folder', () => {
  it('fills a file once, and has it from then on', async () => {
    const file = await source('a');
    for (let k = 0; k < 3; k++) {
      const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
      await using hold = await hot.hold();
      expect(await readFile(await hold.get(file))).toEqual(await readFile(file.path));
      await hold.get(file);
    }
    expect(file.fills()).toBe(1);
  });

  it('tells of what it removes, and of a copy that was damaged', async () => {
    const [a, b] = [await source('a'), await source('b')];
    const news: HotNews[] = [];
    const hot = await openHotFolder({ folder, bytes: 150 * KIB, onNews: (one) => news.push(one) });
    for (const file of [a, b]) {
      await using hold = await hot.hold();
      await hold.get(file);
    }
    await writeFile(join(folder, 'copies', b.sha256), 'another');
    await using hold = await hot.hold();
    expect(await readFile(await hold.get(b))).toEqual(await readFile(b.path));
    expect(news).toEqual([
      { code: 'HOT_EVICTED', counts: { files: 1, bytes: 100 * KIB } },
      { code: 'E_HOT_DAMAGED', reason: `${b.sha256} is not what its SHA-256 ${b.sha256} says` },
    ]);
  });

  it('calls a file as it is asked to', async () => {
    const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
    await using hold = await hot.hold();
    expect(await hold.get({ ...(await source('a')), name: 'net.onnx' })).toBe(join(hold.folder, 'net.onnx'));
  });

  it('refuses what fills it with another file, and keeps nothing of it', async () => {
    const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
    const [a, b] = [await source('a'), await source('b')];
    await using hold = await hot.hold();
    await expect(hold.get({ ...a, name: 'net', fill: b.fill })).rejects.toThrow(
      `What was copied into the hot folder as "net" should have SHA-256 ${a.sha256}, got ${b.sha256}: its source is damaged, or another file. It is not used. Put the right one back at its source.`,
    );
    expect([await copies(), await readdir(join(folder, 'drafts')), await readdir(hold.folder)]).toEqual([[], [], []]);
  });

  it('makes a copy anew that was changed, and not one that was only touched', async () => {
    const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
    const file = await source('a');
    const get = async () => {
      await using hold = await hot.hold();
      return readFile(await hold.get(file));
    };
    await get();
    const copy = join(folder, 'copies', file.sha256);
    await utimes(copy, new Date(), new Date());
    await get();
    expect(file.fills()).toBe(1);
    const bytes = await readFile(copy);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await writeFile(copy, bytes);
    expect(await get()).toEqual(await readFile(file.path));
    expect(file.fills()).toBe(2);
    await writeFile(copy, bytes.subarray(0, 500));
    expect(await get()).toEqual(await readFile(file.path));
    expect(file.fills()).toBe(3);
  });

  it('stays under its size by removing what was not used for longest', async () => {
    const hot = await openHotFolder({ folder, bytes: 350 * KIB });
    const files = [await source('a'), await source('b'), await source('c'), await source('d')] as const;
    const use = async (file: HotWish) => {
      await using hold = await hot.hold();
      await hold.get(file);
      await sleep(20);
    };
    const [a, b, c, d] = files;
    for (const file of [a, b, c, a, d]) await use(file);
    expect(await copies()).toEqual([a, c, d].map(({ sha256 }) => sha256).sort());
  });

  it('removes nothing that is in use, and says what to do where nothing else is left', async () => {
    const hot = await openHotFolder({ folder, bytes: 350 * KIB });
    await using hold = await hot.hold();
    const held = await Promise.all(['a', 'b', 'c'].map((name) => source(name)));
    const paths = await Promise.all(held.map((file) => hold.get(file)));
    const other = await hot.hold();
    await expect(other.get(await source('d'))).rejects.toThrow(
      `The hot folder "${folder}" has no room for 100 KiB: 50.0 KiB are missing, though all that is not in use was removed. Raise --hot-size (now 350 KiB), free some space on its disk, or run fewer slots.`,
    );
    for (const [k, path] of paths.entries()) expect(sha256Of(await readFile(path))).toBe(held[k]?.sha256);
    await hold[Symbol.asyncDispose]();
    await other.get(await source('e'));
    expect(await copies()).toHaveLength(3);
  });

  it('leaves a living process what it uses, and takes it from one that was killed', async () => {
    const most = 250 * KIB;
    const held = await source('held');
    const { holder, path } = await holderOf(held, most);
    const hot = await openHotFolder({ folder, bytes: most });
    const use = async (name: string) => {
      await using hold = await hot.hold();
      await hold.get(await source(name));
    };
    for (const name of ['a', 'b', 'c']) await use(name);
    expect(sha256Of(await readFile(path))).toBe(held.sha256);
    expect(await copies()).toContain(held.sha256);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    for (const name of ['d', 'e']) await use(name);
    expect(await copies()).not.toContain(held.sha256);
    expect(await readdir(join(folder, 'holds'))).toEqual([]);
  });

  it('gives several processes that ask at once the same file, and has one copy', async () => {
    const file = await source('a', 3 * 2 ** 20);
    const found = await Promise.all(Array.from({ length: 4 }, () => holderOf(file, 64 * 2 ** 20)));
    for (const { path } of found) expect(sha256Of(await readFile(path))).toBe(file.sha256);
    expect(await copies()).toEqual([file.sha256]);
  });

  it('has no copy of a fill that was killed, and clears its draft an hour later', async () => {
    const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
    const file = await source('a');
    const hold = await hot.hold();
    const killed = join(folder, 'drafts', `.tmp-${2 ** 22 + 1}-00000000-${basename(hold.folder)}`);
    await writeFile(killed, (await readFile(file.path)).subarray(0, 1000));
    await openHotFolder({ folder, bytes: 2 ** 20 });
    expect(await readdir(join(folder, 'drafts'))).toHaveLength(1);
    const past = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(killed, past, past);
    await openHotFolder({ folder, bytes: 2 ** 20 });
    expect(await readdir(join(folder, 'drafts'))).toEqual([]);
    expect(sha256Of(await readFile(await hold.get(file)))).toBe(file.sha256);
  });

  it('copies files under their own names, and keeps equal ones once', async () => {
    const hot = await openHotFolder({ folder, bytes: 2 ** 20 });
    const a = await source('1.dpx');
    await copyFile(a.path, join(work, '2.dpx'));
    await using hold = await hot.hold();
    const made = await hold.copy([a.path, join(work, '2.dpx')]);
    const paths = made.map(({ path }) => path);
    expect(paths).toEqual([join(hold.folder, '1.dpx'), join(hold.folder, '2.dpx')]);
    for (const { path, sha256, bytes } of made) {
      expect(sha256Of(await readFile(path))).toBe(a.sha256);
      expect([sha256, bytes]).toEqual([a.sha256, a.bytes]);
    }
    expect(await copies()).toEqual([a.sha256]);
    expect((await stat(paths[0] as string)).nlink).toBe(3);
  });

  it('lets copies go first that were retired, once nobody holds them, and is never larger than it may be', async () => {
    const hot = await openHotFolder({ folder, bytes: 350 * KIB });
    const [frame, network, next] = [await source('1.dpx'), await source('net'), await source('2.dpx')];
    const held = await hot.hold();
    {
      await using of = await hot.hold();
      await of.get(network);
    }
    const made = await held.copy([frame.path]);
    await held.retire(made);
    await using ahead = await hot.hold();
    await expect(ahead.copy([next.path, (await source('3.dpx', 200 * KIB)).path])).rejects.toThrow(
      `The hot folder "${folder}" has no room for 300 KiB: 50.0 KiB are missing, though all that is not in use was removed. Raise --hot-size (now 350 KiB), free some space on its disk, or run fewer slots.`,
    );
    expect(await copies()).toEqual([frame.sha256]);
    await held[Symbol.asyncDispose]();
    {
      await using of = await hot.hold();
      await of.get(network);
    }
    await ahead.copy([next.path, (await source('4.dpx')).path]);
    expect(await copies()).not.toContain(frame.sha256);
    expect(await copies()).toContain(network.sha256);
    expect((await copies()).length * 100 * KIB).toBeLessThanOrEqual(350 * KIB);
  });
});
