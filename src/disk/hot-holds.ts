import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isLiving } from './durable.ts';
import { outputError } from './output-error.ts';

/** Host, process and chance, in a hold's name. */
const HOLD = /^(.+)-(\d+)-[0-9a-f]{8}$/;
/** Milliseconds after which a hold of another host, whose processes are not seen from here, counts as given up. */
const FOREIGN_LIFE = 24 * 60 * 60 * 1000;
/** Milliseconds by which clocks of files and of processes may differ. */
const CLOCK_SLACK = 2000;

/** Makes a new, empty folder in `holds` that no other process removes while this one lives. @throws OutputError */
export async function openHoldFolder(holds: string): Promise<string> {
  const folder = join(holds, `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw outputError(folder, cause);
  }
  return folder;
}

/** Removes the holds of processes that are gone. */
export async function sweepHolds(holds: string): Promise<void> {
  for (const name of await readdir(holds).catch((): string[] => [])) {
    const path = join(holds, name);
    if (await isGivenUp(name, path)) await rm(path, { recursive: true, force: true });
  }
}

async function isGivenUp(name: string, path: string): Promise<boolean> {
  const [, host, number] = HOLD.exec(name) ?? [];
  const found = await stat(path).catch(() => null);
  if (!found || number === undefined) return false;
  if (host !== hostname()) return Date.now() - found.mtimeMs > FOREIGN_LIFE;
  // Containers give every life of a process the same number: what is older than this process is not its own.
  if (Number(number) === process.pid) return found.mtimeMs < Date.now() - 1000 * process.uptime() - CLOCK_SLACK;
  return !isLiving(Number(number));
}
