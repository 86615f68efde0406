import type { Command } from 'commander';
import { z } from 'zod';
import { type ListenAddress, parseListenAddress } from '../log/listen-address.ts';
import type { CliIo } from './cli-io.ts';

/** Adds where a command's events are written. */
export function addLogOption(command: Command): Command {
  return command.option(
    '--log <file|->',
    'append what happens, one line of JSON an event (ECS), to a file that several runs may share; - for standard output. See "reelmend logs"',
  );
}

/** Adds what commands that run for long take: where their events are written and counted. */
export function addLogOptions(command: Command): Command {
  return addLogOption(command).option(
    '--metrics <address>',
    'serve counters for Prometheus at /metrics while this runs, on this machine only unless an address is given: 9464, 0.0.0.0:9464',
  );
}

const text = z.exactOptional(z.string());

/** Commander's result, as it was typed. */
export const logOptionsSchema = z.object({ log: text, metrics: text });

/** Where events go; undefined where nobody asked. */
export interface LogWish {
  readonly log: string | undefined;
  readonly metrics: ListenAddress | undefined;
}

/** @throws UsageError for an address that is none */
export function logWish({
  log,
  metrics,
}: {
  readonly log?: string | undefined;
  readonly metrics?: string | undefined;
}): LogWish {
  return { log, metrics: metrics === undefined ? undefined : parseListenAddress('--metrics', metrics) };
}

/** Where standard output is the log's, what a command answers goes to standard error. */
export function answering(io: CliIo, { log }: LogWish): CliIo {
  return log === '-' ? { ...io, stdout: io.stderr } : io;
}
