import { randomUUID } from 'node:crypto';
import { link, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, makeFolder, NO_LINKS, publish, syncPath, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { mountedPath } from './mounted-path.ts';
import { StepRefused } from './order-error.ts';
import type { PathMap } from './path-maps.ts';

const TOKEN_NAME = 'token';

/**
 * The token of a folder, by which machines that share it know that they see the same one: what is there already, else a new one. Several
 * that ask at once are answered alike.
 *
 * @throws OutputError where it cannot be written
 */
export async function writeToken(folder: string): Promise<string> {
  await makeFolder(folder);
  const path = join(folder, TOKEN_NAME);
  const before = await readToken(path);
  if (before !== null) return before;
  const token = randomUUID();
  const draft = unfinishedName(`${path}-${token.slice(0, 8)}`);
  try {
    await writeDurably(draft, Buffer.from(`${token}\n`));
    // A link is made only where there is none.
    await link(draft, path).catch(async (cause: unknown) => {
      if (NO_LINKS.has(codeOf(cause))) await publish(draft, path);
      else if (codeOf(cause) !== 'EEXIST') throw cause;
    });
    await syncPath(folder);
  } catch (cause) {
    throw outputError(path, cause);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readToken(path)) ?? token;
}

/**
 * The folder of another machine as it is here, proven to be the same by its token.
 *
 * @param folder as the machine that submits sees it
 * @param expected its token
 * @throws StepRefused that says by which map the folder was looked for, what is there and what to do
 */
export async function checkToken(folder: string, expected: string, maps: readonly PathMap[]): Promise<string> {
  const { here, where, advice } = mountedPath(folder, maps);
  const got = await readToken(join(here, TOKEN_NAME));
  if (got === expected) return here;
  const fault = got === null ? 'and no such file is there' : `and the token there is ${got}: it is another folder`;
  throw new StepRefused(
    `The order's folder "${folder}" is known by the token ${expected} in its file "${TOKEN_NAME}"; ${where}, ${fault}. ${advice}.`,
  );
}

/** Null where there is none. */
async function readToken(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() || null;
}
