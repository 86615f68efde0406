import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf, NO_LINKS } from './durable.ts';
import { OutputError, outputError } from './output-error.ts';

/** The lock's name in its folder. */
export const LOCK_NAME = 'lock.json';

/** Who holds a work folder: enough to tell a process from a later one with the same number. */
const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** Linux's boot id; empty elsewhere. */
  boot: z.string(),
  /** Start of the process in clock ticks after boot (proc(5), field 22 of `stat`); empty elsewhere. */
  started: z.string(),
  /** Tells two locks of one process apart. */
  token: z.uuid(),
  /** Under which the folder is held; absent where none is. */
  lease: z.string().optional(),
});
type Holder = z.infer<typeof holderSchema>;

/**
 * Makes this process the folder's only writer until the lock is disposed of. A lock whose holder has died (killed, or before the
 * last start of the machine) is taken over.
 *
 * @param lease a name that somebody else gives to one process at a time: whoever comes with it takes over the lock of whoever had it
 *   before, on any machine
 * @param held what is said where `who` holds it
 * @throws OutputError when a living process, or one of another machine, holds it.
 */
export async function lockFolder(
  folder: string,
  lease?: string,
  held: (who: string, path: string) => string = outputHeld,
): Promise<AsyncDisposable> {
  const path = join(folder, LOCK_NAME);
  const own: Holder = { ...(await describe(process.pid)), token: randomUUID(), ...(lease ? { lease } : {}) };
  const draft = join(folder, `.${LOCK_NAME}-${own.token}`);
  await writeDraft(draft, own, folder);
  try {
    await take(path, draft, own, held);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      if (tokenOf(await readHolder(path)) === own.token) await rm(path, { force: true });
    },
  };
}

async function writeDraft(draft: string, own: Holder, folder: string): Promise<void> {
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(JSON.stringify(own));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    await rm(draft, { force: true });
    throw outputError(folder, cause);
  }
}

/** Lost races for a free name after which something else must be making and removing it. */
const ATTEMPTS = 10;

/**
 * Takes the name `path`. To replace a dead holder's lock, a process must first take the name "successor of that holder", by the
 * same rules. So one of many processes takes a dead lock, and one that dies meanwhile blocks no other.
 */
async function take(
  path: string,
  draft: string,
  own: Holder,
  held: (who: string, path: string) => string,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await claim(path, draft, own)) return;
    const dead = await readHolder(path);
    if (dead === 'absent') continue;
    const isFormer = dead !== 'unreadable' && own.lease !== undefined && dead.lease === own.lease;
    if (dead !== 'unreadable' && !isFormer && (await isAlive(dead)))
      throw new OutputError(path, held(whoIs(dead), path));
    const successor = `${path}.after-${tokenOf(dead)}`;
    await take(successor, draft, own, held);
    // Only the successor may replace a dead lock; a former one may have done so before this process became the next.
    if (tokenOf(await readHolder(path)) === tokenOf(dead)) return rename(successor, path);
    await rm(successor, { force: true });
  }
  throw new OutputError(
    path,
    `The lock "${path}" comes and goes. Wait until other runs on this output have ended, then run the command again.`,
  );
}

/** True when the lock is ours. The name appears with its whole content or not at all (link), so no reader sees half a lock. */
async function claim(path: string, draft: string, own: Holder): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(own));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** `unreadable`: a loss of power can leave a name without its content. */
async function readHolder(path: string): Promise<Holder | 'absent' | 'unreadable'> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'absent' : 'unreadable';
  }
}

function tokenOf(holder: Holder | 'absent' | 'unreadable'): string {
  return typeof holder === 'string' ? holder : holder.token;
}

async function describe(pid: number): Promise<Omit<Holder, 'token' | 'lease'>> {
  return { pid, host: hostname(), boot: await bootId(), started: await startOf(pid) };
}

/** A process of another machine cannot be seen from here, and counts as living. */
async function isAlive(holder: Holder): Promise<boolean> {
  const boot = await bootId();
  if (holder.host !== hostname()) return true;
  if (holder.boot !== boot) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return holder.started === (await startOf(holder.pid));
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 2, the command, is in brackets and may hold spaces; field 22 is the 20th behind it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function whoIs({ host, pid }: Holder): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}

function outputHeld(who: string, path: string): string {
  return `This output is being written by another run (${who}). Wait until it has ended, or choose another --out. If you are sure that it no longer runs, delete "${path}".`;
}
