import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PictureRecord, pictureRecordSchema } from '../../src/report/pictures/picture-record.ts';
import { COMMAND } from './command.ts';

/** The whole lines of a run's journal, in order. */
export async function journalOf(report: string): Promise<PictureRecord[]> {
  const text = await readFile(join(report, 'pictures.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.endsWith('}'));
  return lines.map((line) => pictureRecordSchema.parse(JSON.parse(line)));
}

/** Runs the command and kills it, as a power cut would, when so many pictures are done; false where it ended before. */
export async function killedAt(
  done: number,
  { args, report, cache }: { readonly args: readonly string[]; readonly report: string; readonly cache: string },
): Promise<boolean> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, REELMEND_CACHE: cache },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  const lines = async () => {
    const text = await readFile(join(report, 'pictures.jsonl'), 'latin1').catch(() => '');
    return text.split('\n').length - 1;
  };
  while (child.exitCode === null && (await lines()) < done) await sleep(5);
  const isKilled = child.exitCode === null && child.kill('SIGKILL');
  await ended;
  return isKilled;
}
