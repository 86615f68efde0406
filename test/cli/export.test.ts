import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ORDER_FORMAT } from '../../src/farm/order/order.ts';
import { ended } from './captured-io.ts';

let folder: string;
let order: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-export-'));
  order = join(folder, 'out', 'restored.work', 'farm', 'order.json');
  const range = { in: 0, out: 240 };
  const versions = { program: '0', render: 1, tracking: 1, ffmpeg: '5', runtime: '1' };
  const job = {
    reel: join(folder, 'nas', 'scan'),
    out: join(folder, 'out', 'restored'),
    mattes: join(folder, 'nas', 'to be made', 'mattes'),
    references: [{ name: 'actor', paths: [join(folder, 'out', 'restored.work', 'farm', 'given', 'still.png')] }],
    models: { detector: '/detector.onnx' },
    preset: 'restore',
  };
  const spans = Array.from({ length: 4 }, () => ({ range, own: range }));
  const facts = {
    id: 'a'.repeat(64),
    token: 't',
    print: 'p',
    versions,
    submitted: '2026-11-28',
    by: 'here',
    frames: 960,
  };
  await mkdir(dirname(order), { recursive: true });
  await mkdir(join(folder, 'nas'));
  await writeFile(order, JSON.stringify({ format: ORDER_FORMAT, ...facts, spans, job }));
});
afterAll(() => rm(folder, { recursive: true }));

const exported = (...flags: string[]) => ended(['export', order, ...flags]);
/** The lines that submit, without what Slurm is asked beside. */
const submitted = (script: string) => script.split('\n').filter((line) => /^\w+=\$\(submit/.test(line));

describe('reelmend export', () => {
  it('shares takes among as many tasks as the reel has spans', async () => {
    const { code, stdout } = await exported('--as', 'slurm');
    expect(code).toBe(0);
    expect(submitted(stdout)).toEqual([
      'track=$(submit track 4 "$@")',
      'cast=$(submit cast 1 --dependency="afterok:$track" "$@")',
      'take=$(submit take 4 --dependency="afterok:$cast" "$@")',
      'conform=$(submit conform 1 --dependency="afterok:$cast,afterany:$take" "$@")',
    ]);
  });

  it('shares takes, and spans where there are more, among as many tasks as it is told', async () => {
    const tasks = async (parts: string) =>
      submitted((await exported('--as', 'slurm', '--parts', parts)).stdout).map(
        (line) => /submit \w+ (\d+)/.exec(line)?.[1],
      );
    expect(await tasks('3')).toEqual(['3', '1', '3', '1']);
    expect(await tasks('9')).toEqual(['4', '1', '9', '1']);
  });

  it('writes into a file where one is named', async () => {
    const path = join(folder, 'reel.sh');
    expect(await exported('--as', 'slurm', '--out', path)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(path, 'utf8')).toBe((await exported('--as', 'slurm')).stdout);
  });

  it('calls Reelmend by the words that it is given', async () => {
    const { stdout } = await exported('--as', 'slurm', '--program', `apptainer exec "/sif files/it's.sif" 'reelmend'`);
    expect(stdout).toContain(`\napptainer exec '/sif files/it'\\''s.sif' reelmend run-step --job ${order} `);
  });

  it('names the order as machines see it on which maps hold, by the nearest', async () => {
    const maps = ['--map', `${dirname(folder)}=/far`, '--map', `${folder}=/data`, '--map', '/mnt/nas=/nas'];
    const { stdout } = await exported('--as', 'kubernetes', '--image', 'reelmend', ...maps);
    const [track] = parseAllDocuments(stdout).map((one) => one.toJS());
    expect(track.spec.template.spec.containers[0].args).toEqual([
      ...['run-step', '--job', '/data/out/restored.work/farm/order.json'],
      ...[...maps, '--step', 'track', '--index', '$(INDEX)', '--of', '4'],
    ]);
  });

  it('tells hosts of Open Job Description the folders in which all files of the order lie', async () => {
    const { parameterDefinitions } = parse((await exported('--as', 'openjd')).stdout);
    const given = parameterDefinitions.map((one: { name: string; default: unknown }) => [one.name, one.default]);
    expect(given.slice(0, 4)).toEqual([
      ['Order', order],
      ['Folder1', join(folder, 'nas')],
      ['Folder2', join(folder, 'out')],
      ['Program', 'reelmend'],
    ]);
  });

  it.each<[string, string[], string]>([
    [
      'an engine that it does not know',
      ['--as', 'slrum'],
      '--as "slrum" is not one of openjd, kubernetes, slurm. Did you mean "slurm"?',
    ],
    ['no parts', ['--as', 'slurm', '--parts', '0'], '--parts "0" is not a whole number from 1 to 10000.'],
    ['GPUs in parts', ['--as', 'slurm', '--gpus', '.5'], '--gpus ".5" is not a whole number from 0 to 64.'],
    ['no memory', ['--as', 'slurm', '--memory', '0'], '--memory "0" is not a number of GiB above 0, such as 1.5.'],
    [
      'hours in words',
      ['--as', 'slurm', '--hours', '4h'],
      '--hours "4h" is not a number of hours above 0, such as 1.5.',
    ],
    [
      'a command without a word',
      ['--as', 'slurm', '--program', ' '],
      '--program " " is no command. Write it as a shell would read it, such as "npx reelmend".',
    ],
    [
      'a map that is none',
      ['--as', 'slurm', '--map', '/mnt/nas'],
      '--map "/mnt/nas": two absolute folders were expected, with an equals sign between them. Write it as --map /mnt/nas=Z:\\nas: first where the machine that submits sees the folder, then where it is here.',
    ],
    [
      'a map where hosts map paths themselves',
      ['--as', 'openjd', '--map', '/mnt/nas=/data'],
      '--map: with --as openjd, hosts map paths by the path mapping rules that they are given. Leave it out.',
    ],
    [
      'an image where there are no pods',
      ['--as', 'slurm', '--image', 'reelmend'],
      '--image is for --as kubernetes. Leave it out.',
    ],
    [
      'a claim where there are no pods',
      ['--as', 'openjd', '--mount', 'a=/b'],
      '--mount is for --as kubernetes. Leave it out.',
    ],
    [
      'pods without an image',
      ['--as', 'kubernetes'],
      '--as kubernetes needs the image that pods run. Build docs/containers/Dockerfile, and add --image and its name.',
    ],
    [
      'a claim without a path',
      ['--as', 'kubernetes', '--image', 'reelmend', '--mount', 'nas'],
      '--mount "nas" is not a claim and a path. Write it as claim=/path, such as nas=/mnt/nas.',
    ],
  ])('refuses %s', async (_, flags, sentence) => {
    expect(await exported(...flags)).toEqual({ code: 2, stdout: '', stderr: `reelmend: ${sentence}\n` });
  });

  it('refuses what is no order', async () => {
    const path = join(folder, 'order.json');
    expect(await ended(['export', path, '--as', 'openjd'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `reelmend: "${path}" is no order. Give the file order.json that "reelmend submit" wrote into the folder "farm" of the output's work folder.\n`,
    });
  });
});
