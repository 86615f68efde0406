import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibrary } from '../../../src/model/library.ts';
import { type ImportedFile, type ImportOptions, importModels } from '../../../src/model/own/import-models.ts';
import { openSession } from '../../../src/model/session.ts';
import { UsageError } from '../../../src/settings/usage-error.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';

const fan = await knownNetwork('2dfan4');
const arcface = await knownNetwork('arcface-w600k-r50');
const drawn = drawnNetwork(fan, { rename: (port) => `x.${port}` });

let folder: string;
let ownDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-import-'));
  ownDir = join(folder, 'own');
});

afterEach(() => rm(folder, { recursive: true }));

async function imported(paths: string | readonly string[], options: ImportOptions = {}): Promise<ImportedFile[]> {
  const found: ImportedFile[] = [];
  for await (const file of importModels([paths].flat(), { ownDir, ...options })) found.push(file);
  return found;
}

/** A file in the folder. */
async function file(name: string, content: Uint8Array | string = drawn): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function why(paths: string, options: ImportOptions = {}): Promise<readonly string[]> {
  const [one] = await imported(paths, options);
  return one?.outcome === 'refused' ? one.why : [];
}

const crcOf = (bytes: Uint8Array) => crc32(bytes).toString(16).padStart(8, '0');

describe('an imported file', () => {
  it('is a model by the known network’s name, is run where it lies, and is listed as the user’s own', async () => {
    const path = await file('fan (1).onnx');
    const [one] = await imported(path);
    expect(one).toMatchObject({ path, outcome: 'added', said: ['Recognised by its ports.', 'Written by reelmend.'] });
    const library = openLibrary({ ownDir, cacheDir: join(folder, 'cache') });
    expect(await library.pull('2dfan4')).toBe(path);
    const contract = await library.contract('2dfan4');
    expect(contract.files).toEqual([
      { source: `file:${path}`, sha256: createHash('sha256').update(drawn).digest('hex') },
    ]);
    await using session = await openSession(path, contract);
    expect((await session.run({ input: new Float32Array(3 * 256 * 256) })).get('landmarks')).toHaveLength(204);
    const own = (await library.list()).filter((state) => state.own);
    expect(own).toMatchObject([{ id: '2dfan4', state: 'present', licence: 'MIT', use: 'free', path }]);
  });

  it('is whole by the hash that lies beside it, or is refused', async () => {
    const path = await file('2dfan4.onnx');
    await file('2dfan4.hash', crcOf(drawn));
    expect(await imported(path)).toMatchObject([
      { said: ['Recognised by its ports and name.', 'Whole by 2dfan4.hash.', 'Written by reelmend.'] },
    ]);
    await file('2dfan4.hash', '0123abcd');
    expect(await why(path)).toEqual([
      `It is not whole, or not the file that 2dfan4.hash is of: its CRC32 is ${crcOf(drawn)}, that of the whole file 0123abcd. Fetch it again.`,
    ]);
  });

  it('changes nothing when it is imported again, and is told where it moved or changed', async () => {
    const path = await file('2dfan4.onnx');
    await imported(path);
    const before = await readFile(join(ownDir, '2dfan4.json'), 'utf8');
    expect(await imported(path)).toMatchObject([{ outcome: 'kept' }]);
    expect(await readFile(join(ownDir, '2dfan4.json'), 'utf8')).toBe(before);
    const elsewhere = join(folder, 'else 100%.onnx');
    await rename(path, elsewhere);
    const library = () => openLibrary({ ownDir, cacheDir: join(folder, 'cache') });
    expect(await library().verify('2dfan4')).toMatchObject([{ state: 'absent', path }]);
    const [moved] = await imported(elsewhere);
    expect(moved).toMatchObject({ outcome: 'moved', contract: { id: '2dfan4' } });
    expect(moved?.outcome !== 'refused' && moved?.said.at(-1)).toBe(`It was at ${path} before.`);
    expect(await library().pull('2dfan4')).toBe(elsewhere);
    const other = drawnNetwork(fan);
    await writeFile(elsewhere, other);
    expect(await library().verify('2dfan4')).toMatchObject([{ state: 'damaged' }]);
    await expect(library().pull('2dfan4')).rejects.toThrow(
      /It is another file than the one that the contract was written for, and is not used\. Put that one back; or run "reelmend models import <file> --name 2dfan4"/,
    );
    const [changed] = await imported(elsewhere);
    const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(changed?.outcome !== 'refused' && changed?.said.at(-1)).toBe(
      `The file has changed since it was imported: its SHA-256 was ${sha(drawn)}, and is ${sha(other)}.`,
    );
    expect(await library().verify('2dfan4')).toMatchObject([{ state: 'present' }]);
  });

  it('beside another file of the same network is a model by its own name', async () => {
    await imported(await file('2dfan4.onnx'));
    const half = await file('2DFAN4_fp16.onnx', drawnNetwork(fan));
    expect(await imported(half)).toMatchObject([{ outcome: 'added', contract: { id: '2dfan4-fp16' } }]);
    expect(await imported(half)).toMatchObject([{ outcome: 'kept', contract: { id: '2dfan4-fp16' } }]);
  });

  it('is copied where that is asked for, and then needs the first file no more', async () => {
    const path = await file('2dfan4.onnx');
    await imported(path, { copy: true });
    await rm(path);
    expect((await readdir(ownDir)).sort()).toEqual(['2dfan4.json', '2dfan4.onnx']);
    expect(await openLibrary({ ownDir, cacheDir: folder }).pull('2dfan4')).toBe(join(ownDir, '2dfan4.onnx'));
    await rename(ownDir, join(folder, 'moved'));
    expect(await openLibrary({ ownDir: join(folder, 'moved'), cacheDir: folder }).pull('2dfan4')).toBe(
      join(folder, 'moved', '2dfan4.onnx'),
    );
  });

  it('is what it is said to be, under the name that it is given', async () => {
    const path = await file('mine.onnx', drawnNetwork(arcface));
    const [one] = await imported(path, { as: arcface.id, id: 'mine' });
    expect(one).toMatchObject({ outcome: 'added', contract: { id: 'mine', title: arcface.title } });
    expect(one?.outcome !== 'refused' && one?.said[0]).toBe('Recognised by its ports, and by what you said it is.');
    expect(await why(path, { as: '2dfan4' })).toContain(
      'The nearest known network is 2dfan4: its input "input" should be float32 [1, 3, 256, 256], but is float32 [1, 3, 112, 112]; its output "embedding" should be float32 [1, 68, 3], but is float32 [1, 512]; it has no output for "heatmaps", float32 [1, 68, 64, 64].',
    );
  });

  it('with the ports of several networks and the name of none says which they are, and what to do', async () => {
    const path = await file('best.onnx', drawnNetwork(await knownNetwork('gfpgan-1.4')));
    const [, advice = ''] = await why(path);
    expect(advice).toMatch(
      /^These are the ports of .*gfpgan-1\.4.*, which its name tells none of\. If it is one of them, say which: --as \S+\. If it is another, write a contract: copy models\/known\/\S+\.json of this installation and follow models\/README\.md, "A model of your own"\.$/,
    );
    const as = /--as (\S+)\. /.exec(advice)?.[1];
    expect(await imported(path, { as })).toMatchObject([{ outcome: 'added', contract: { id: as, task: 'restore' } }]);
  });

  it('may not have the name of a model that comes with Reelmend', async () => {
    expect(await why(await file('2dfan4.onnx'), { id: 'facemesh-468' })).toEqual([
      '"facemesh-468" is a model that comes with Reelmend. Give yours another name: --name facemesh-468-own.',
    ]);
    expect(await imported(join(folder, '2dfan4.onnx'), { id: 'facemesh-468-own' })).toMatchObject([
      { outcome: 'added' },
    ]);
  });

  it('may not have a name that no model has, and is told one that it may have', async () => {
    const path = await file('2dfan4.onnx');
    await expect(imported(path, { id: 'My Model!' })).rejects.toThrow(
      new UsageError(
        '--name "My Model!": a model is called by lower-case letters, digits, dots, dashes and underscores, a letter or digit first. Take --name my-model.',
      ),
    );
    expect(await imported(path, { id: 'my-model' })).toMatchObject([
      { outcome: 'added', contract: { id: 'my-model' } },
    ]);
    await expect(imported(path, { id: '模型' })).rejects.toThrow(/Take --name mine\.$/);
  });

  it('beside another of the same network has a name also where its file’s has no letter that serves', async () => {
    await imported(await file('2dfan4.onnx'));
    const half = await file('模型.onnx', drawnNetwork(fan));
    expect(await imported(half)).toMatchObject([{ outcome: 'added', contract: { id: '2dfan4-2' } }]);
  });

  it('that is unknown is answered with its ports and the nearest contract', async () => {
    const path = await file(
      'x.onnx',
      drawnNetwork({ ...fan, outputs: [{ ...fan.outputs[0], shape: [1, 98, 3] }] } as typeof fan),
    );
    expect(await why(path, { as: '2dfan4' })).toEqual([
      'It is fed "input" float32 [1, 3, 256, 256], and answers "landmarks" float32 [1, 98, 3].',
      'The nearest known network is 2dfan4: its output "landmarks" should be float32 [1, 68, 3], but is float32 [1, 98, 3]; it has no output for "heatmaps", float32 [1, 68, 64, 64].',
      'To use it all the same, write a contract: copy models/known/2dfan4.json of this installation and follow models/README.md, "A model of your own".',
    ]);
  });

  it.each([
    ['empty', '', 'It is empty.'],
    [
      'a pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      'It is a pointer of Git LFS in place of the file: fetch the file itself (git lfs pull).',
    ],
    [
      'an archive',
      'PK\u0003\u0004…',
      'It is a zip archive, as PyTorch’s .pth and .pt files are: unpack it, or export the network to ONNX.',
    ],
    ['a page', '<!DOCTYPE html>', 'It is a web page, as a download leaves that was refused: fetch the file again.'],
    [
      'cut off',
      drawn.subarray(0, drawn.length / 2),
      expect.stringContaining('It is no ONNX file, or not the whole of one: '),
    ],
  ])('that is %s is refused with the reason', async (_, content, reason) => {
    expect(await why(await file('x.onnx', content))).toEqual([reason]);
  });

  it('that is known and that nothing here uses is told as such', async () => {
    const other = drawnNetwork({ ...fan, outputs: [{ ...fan.outputs[0], shape: [3, 77] }] } as typeof fan);
    expect(await why(await file('fairface.onnx', other))).toEqual([
      'It is FairFace, which guesses age, sex and race. Nothing here uses it.',
    ]);
    const person = {
      ...fan,
      inputs: [{ ...fan.inputs[0], name: 'in_face:0' }],
      outputs: [{ ...fan.outputs[0], shape: [3, 77] }],
    } as typeof fan;
    expect(await why(await file('someone.dfm', drawnNetwork(person)))).toEqual([
      'It is a model of DeepFaceLab (.dfm), which puts one person’s face in another’s place. Nothing here uses it.',
    ]);
  });

  it('is found in folders of folders; those that are refused do not keep others', async () => {
    await mkdir(join(folder, 'files', 'deep'), { recursive: true });
    await copyFile(await file('2dfan4.onnx'), join(folder, 'files', 'deep', '2dfan4.onnx'));
    await copyFile(await file('a.onnx', ''), join(folder, 'files', 'a.onnx'));
    await writeFile(join(folder, 'files', 'notes.txt'), '');
    expect((await imported(join(folder, 'files'))).map(({ outcome }) => outcome)).toEqual(['refused', 'added']);
  });

  it('that cannot be read is named, and the others of its folder are imported', async () => {
    await mkdir(join(folder, 'pack', 'exported.onnx'), { recursive: true });
    await copyFile(await file('2dfan4.onnx'), join(folder, 'pack', 'exported.onnx', '2dfan4.onnx'));
    await symlink(join(folder, 'gone.onnx'), join(folder, 'pack', 'blob.onnx'));
    expect(await imported(join(folder, 'pack'))).toMatchObject([
      { why: ['It cannot be read (ENOENT). Check its permissions, and where it leads if it is a link.'] },
      { outcome: 'added', path: join(folder, 'pack', 'exported.onnx', '2dfan4.onnx') },
    ]);
  });

  it('must be there, and by itself where something is said of one', async () => {
    await mkdir(join(folder, 'none'));
    await expect(imported(join(folder, 'x'))).rejects.toThrow(
      `${join(folder, 'x')} is not there. Name an ONNX file, or a folder of them.`,
    );
    await expect(imported(join(folder, 'none'))).rejects.toThrow(`${join(folder, 'none')} holds no .onnx file.`);
    const two = [await file('a.onnx'), await file('b.onnx')];
    await expect(imported(two, { id: 'mine' })).rejects.toThrow(
      '--name mine is said of one file, but there are 2. Import that one by itself.',
    );
  });
});
