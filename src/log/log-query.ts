import { UsageError } from '../settings/usage-error.ts';
import type { LogLine } from './log-line.ts';

/** What is asked of logs, as it was typed: each part narrows the answer. */
export interface LogQuestion {
  /** Codes or classes of errors, joined by commas; `*` stands for anything: `E_*`. */
  readonly code?: string | undefined;
  /** Number of a graphics card, or a part of an adapter's name. */
  readonly gpu?: string | undefined;
  /** A part of the reel's path. */
  readonly reel?: string | undefined;
  readonly host?: string | undefined;
  /** The least: `warn` gives errors too. */
  readonly level?: string | undefined;
  readonly shot?: string | undefined;
  /** In the reel's own numbering: what was told of the frame, or of a take with it. */
  readonly frame?: string | undefined;
  /** How long ago, `2h`, or when, ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** From the least on, as the formatter names them. */
const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * Whether a line answers a question.
 *
 * @param now milliseconds since 1970, from which `2h` is counted back
 * @throws UsageError for what cannot be understood
 */
export function lineFilter(question: LogQuestion, now: number): (line: LogLine) => boolean {
  const { code, gpu, reel, host, level, shot, frame, since, until } = question;
  const parts: ((line: LogLine) => boolean)[] = [];
  if (since !== undefined) parts.push(notBefore(timeOf('--since', since, now)));
  if (until !== undefined) parts.push(notAfter(timeOf('--until', until, now)));
  if (level !== undefined) parts.push(isAtLeast(level));
  if (code !== undefined) parts.push(hasCode(code));
  if (gpu !== undefined) parts.push(isOn(gpu));
  if (reel !== undefined) parts.push(({ labels }) => labels['reel']?.includes(reel) ?? false);
  if (host !== undefined) parts.push((line) => line.host === host);
  if (shot !== undefined) parts.push(({ labels }) => labels['shot'] === shot);
  if (frame !== undefined) parts.push(isOfFrame(wholeNumber('--frame', frame)));
  return (line) => parts.every((part) => part(line));
}

function notBefore(time: number) {
  return (line: LogLine) => line.time >= time;
}

function notAfter(time: number) {
  return (line: LogLine) => line.time <= time;
}

function isAtLeast(level: string) {
  const least = LEVELS.indexOf(level);
  if (least < 0) throw new UsageError(`--level "${level}" is not one of info, warn, error.`);
  // One that nobody knows is shown: it may be worse than all others.
  return (line: LogLine) => rankOf(line.level) >= least;
}

function rankOf(level: string): number {
  const rank = LEVELS.indexOf(level);
  return rank < 0 ? LEVELS.length : rank;
}

function hasCode(asked: string) {
  const patterns = asked.split(',').map((one) => new RegExp(`^${escaped(one.trim()).replaceAll('\\*', '.*')}$`, 'i'));
  return ({ code, error }: LogLine) =>
    patterns.some((one) => one.test(code) || (error !== null && one.test(error.type)));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function isOn(gpu: string) {
  const part = gpu.toLowerCase();
  const isNumber = /^\d+$/.test(gpu);
  return ({ labels: { gpu: cards, device } }: LogLine) =>
    (cards?.split(',').includes(gpu) ?? false) || (!isNumber && (device?.toLowerCase().includes(part) ?? false));
}

function isOfFrame(frame: number) {
  return ({ labels }: LogLine) => {
    if (labels['frame'] !== undefined) return Number(labels['frame']) === frame;
    const take = /^(\d+)-(\d+)$/.exec(labels['take'] ?? '');
    return take !== null && Number(take[1]) <= frame && frame <= Number(take[2]);
  };
}

function wholeNumber(flag: string, text: string): number {
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} "${text}" is not a number of a frame. Write it as digits, such as 1043.`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };

function timeOf(flag: string, text: string, now: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim());
  if (ago) return now - Number(ago[1]) * (UNITS[ago[2] as string] as number);
  const time = /^\d{4}-\d\d-\d\d/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `${flag} "${text}" is no time. Write how long ago, such as 90s, 30m, 2h or 7d, or when, such as 2026-03-02T10:00:00Z.`,
  );
}
