import type { Command } from 'commander';
import { z } from 'zod';
import { lineText } from '../log/line-text.ts';
import { logFiles } from '../log/log-files.ts';
import { lineFilter } from '../log/log-query.ts';
import { type LogSummary, logSummary } from '../log/log-summary.ts';
import { type FileFault, readLogs } from '../log/read-logs.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { textTable } from './text-table.ts';

const text = z.exactOptional(z.string());
const optionsSchema = z.object({
  code: text,
  gpu: text,
  reel: text,
  host: text,
  level: text,
  shot: text,
  frame: text,
  since: text,
  until: text,
  summary: z.boolean().default(false),
  json: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  reelmend logs run.log                          every event
  reelmend logs logs/ --level warn --since 2h    what went wrong in the last two hours, on all machines
  reelmend logs logs/ --code 'E_*' --gpu 3       everything that went wrong on card 3
  reelmend logs run.log --frame 1043             what became of a frame
  reelmend logs logs/ --summary                  events by code and device, by hour, and the share of faulty frames
  reelmend logs run.log --code FACE_REFUSED --json | jq .reelmend
docs/logs.md lists the codes.
`;

/** Adds `reelmend logs`. */
export function addLogs(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('logs')
    .summary('ask the logs that --log wrote')
    .description(
      'Lists the events of logs in the order of their times, those that all flags agree on, or sums them up. Logs may be rotated, compressed (.gz) and of many machines.',
    )
    .argument('<log...>', 'files that --log wrote, or folders of them')
    .option(
      '--code <code,code>',
      'codes or classes of errors, such as E_FRAME_DAMAGED, ReelError; * stands for anything',
    )
    .option('--gpu <number|name>', "a graphics card by its number, or a part of an adapter's name")
    .option('--reel <part>', "a part of the reel's path")
    .option('--host <name>', 'a machine')
    .option('--level <level>', 'info, warn or error, and what is worse')
    .option('--shot <number>', 'a shot, counted from 1')
    .option('--frame <number>', 'a frame in the numbering of the reel, and takes with it')
    .option('--since <time>', 'from then on: how long ago (90s, 30m, 2h, 7d), or when (2026-03-02T10:00:00Z)')
    .option('--until <time>', 'until then')
    .option('--summary', 'counts by code and device and by hour, and the share of frames that were passed through')
    .option('--json', 'the lines as they were written; with --summary one object')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], given: unknown) => end(await logs(paths, given, io)));
}

async function logs(paths: readonly string[], given: unknown, { stdout, stderr, signal }: CliIo): Promise<ExitCode> {
  const { summary, json, ...question } = optionsSchema.parse(given);
  const answers = lineFilter(question, Date.now());
  const { lines, faults } = readLogs(await logFiles(paths));
  const sums = logSummary();
  for await (const line of lines) {
    signal.throwIfAborted();
    if (stdout.isClosed) break;
    if (!answers(line)) continue;
    if (summary) sums.add(line);
    else stdout.write(`${json ? line.text : lineText(line)}\n`);
  }
  if (summary) stdout.write(json ? `${JSON.stringify(sums.sum())}\n` : summaryText(sums.sum()));
  for (const fault of faults()) stderr.write(`Note: ${faultText(fault)}\n`);
  return EXIT.done;
}

const CODES = [
  { name: 'code', align: 'left' },
  { name: 'level', align: 'left' },
  { name: 'host', align: 'left' },
  { name: 'device', align: 'left' },
  { name: 'events', align: 'right' },
  { name: 'frames', align: 'right' },
  { name: 'mean s', align: 'right' },
] as const;

const HOURS = [
  { name: 'hour (UTC)', align: 'left' },
  { name: 'events', align: 'right' },
  { name: 'warnings', align: 'right' },
  { name: 'errors', align: 'right' },
  { name: 'frames finished', align: 'right' },
] as const;

function summaryText({ codes, hours, frames, isolated }: LogSummary): string {
  if (codes.length === 0) return 'No event answers this.\n';
  const byCode = codes.map((one) => [
    ...[one.code, one.level, one.host, one.device || '–', String(one.events)],
    ...[one.frames > 0 ? String(one.frames) : '–', one.seconds?.toFixed(2) ?? '–'],
  ]);
  const byHour = hours.map(({ hour, events, warnings, errors, frames }) => [
    hour.replace('T', ' '),
    ...[events, warnings, errors, frames].map(String),
  ]);
  const rate = frames > 0 ? ` (${((100 * isolated) / frames).toFixed(2)} %)` : '';
  return `${textTable(CODES, byCode)}\n${textTable(HOURS, byHour)}\nPassed through because of a fault: ${isolated} of ${frames} finished frames${rate}.\n`;
}

function faultText({ path, damaged, early }: FileFault): string {
  const lines = damaged === 1 ? '1 line is damaged' : `${damaged} lines are damaged`;
  const said = [...(damaged > 0 ? [lines] : []), ...(early === null ? [] : [`it ends early (${early})`])];
  return `"${path}": ${said.join(', and ')}.`;
}
