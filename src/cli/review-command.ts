import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';

const text = z.exactOptional(z.string());
const optionsSchema = z.object({
  port: z.string(),
  listen: text,
  token: text,
  open: z.boolean().default(false),
  ffmpeg: text,
});

const EXAMPLES = `
Examples:
  reelmend restore scan/ --out restored/ --reference stills/ --keep-work
  reelmend review restored.report
  reelmend review reports/ --port 8080
  reelmend review restored.report --listen 192.168.1.10

Decisions are kept in <out>.report/review/. The address holds a token that lets one browser in; the next one is printed then.
`;

/** Adds `reelmend review`. */
export function addReview(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('review')
    .summary('look at what was restored in a browser, decide, and have it redone')
    .description(
      'Serves a page on this machine that shows restored reels beside their plates, worst first, to approve, reject and redo shot by shot and face by face. Runs until it is stopped.',
    )
    .argument('<report>', 'the report of a run, <out>.report, or a folder of reports')
    .option('--port <number>', 'the port; 0 = any that is free', '0')
    .option(
      '--listen <address>',
      'an address of this machine that others reach; default 127.0.0.1. What is sent is not encrypted: only in a network that you trust',
    )
    .option(
      '--token <text>',
      'lets browsers in, as often as it is given, 32 characters or more; default: random ones, each of one use',
    )
    .option('--open', 'open the page in the browser')
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, given: unknown) => end(await review(path, given, io)));
}

async function review(path: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const { port, listen, token, open, ffmpeg } = optionsSchema.parse(given);
  const { openReview } = await reviewServer();
  await using served = await openReview({
    path,
    host: listen,
    port: parsePort(port),
    token,
    ffmpeg,
    onAddress: (url) => io.stderr.write(`A browser entered. For another one: ${url}\n`),
    onFault: (error) =>
      io.stderr.write(`reelmend: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`),
  });
  if (served.isOpenToOthers) {
    io.stderr.write(
      `Warning: every machine that reaches ${listen} can try to enter, and what is sent is not encrypted. Give the address only to people who may see and decide.\n`,
    );
  }
  io.stdout.write(
    `${served.reels === 1 ? '1 reel' : `${served.reels} reels`} to review. Open ${served.url}\nCtrl-C ends it.\n`,
  );
  if (open) openBrowser(served.url, io);
  if (!io.signal.aborted) await once(io.signal, 'abort');
  return EXIT.done;
}

/** By itself: TypeScript 6.0 leaves the name of an import as it is in a function that has an `await using`. */
function reviewServer(): Promise<typeof import('../review/server.ts')> {
  return import('../review/server.ts');
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new UsageError(`--port "${text}" is not a port. Write a number from 0 to 65535.`);
}

/** Hands the address to what opens addresses here; where there is no such program the person opens it. */
function openBrowser(url: string, io: CliIo): void {
  const [program, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
  const child = spawn(program as string, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => io.stderr.write('No browser could be opened from here. Open the address yourself.\n'));
  child.unref();
}
