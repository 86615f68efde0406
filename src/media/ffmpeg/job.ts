import fluent from 'fluent-ffmpeg';
import { coresAsked } from '../../disk/usable-cores.ts';

/** A command for the supervisor to run. */
export interface Job {
  /** What it is for, for error messages: `Decoding "a.mov"`. */
  readonly name: string;
  /** Path of the executable. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** True: its stdin is a pipe to us, and must be ended. */
  readonly stdin?: boolean;
  /** True: its descriptor 3 is a pipe to us. */
  readonly side?: boolean;
}

export interface JobInput {
  /** File name or `pipe:0`. */
  readonly source: string;
  /** Options in front of `-i`. */
  readonly options?: readonly string[];
}

export interface JobOutput {
  /** File name, `pipe:1`, or a list of slaves for the tee muxer. */
  readonly target: string;
  readonly filters?: readonly string[];
  readonly options: readonly string[];
}

export interface JobDescription {
  readonly name: string;
  readonly inputs: readonly JobInput[];
  readonly outputs: readonly JobOutput[];
  readonly cwd?: string;
  readonly stdin?: boolean;
  readonly side?: boolean;
}

/** ffmpeg's own count of threads follows the cores that it is bound to, but not the ones that it is only told to keep to. */
function threadOptions(options: readonly string[]): string[] {
  const cores = coresAsked();
  return cores === null || options.includes('-threads') ? [] : ['-threads', `${cores}`];
}

/** Each line of the log carries its level, none is folded into "repeated n times"; ffmpeg never asks a terminal. */
const GLOBAL = ['-hide_banner', '-nostdin', '-v', 'repeat+level+error'];

/**
 * The command of a job of ffmpeg's, as fluent-ffmpeg builds it. fluent-ffmpeg only describes: it ends with success when an
 * encoder closes early, and allows one stream, so the supervisor runs what it described.
 */
export function describeJob(program: string, description: JobDescription): Job {
  const { name, inputs, outputs, ...rest } = description;
  const command = fluent({ logger: undefined });
  for (const { source, options: asked = [] } of inputs) {
    const options = [...threadOptions(asked), ...asked];
    command.input(source);
    // Given as separate arguments, or fluent-ffmpeg would split a title of two words into an option and its value.
    if (options.length > 0) command.inputOptions(...options);
  }
  for (const { target, filters = [], options } of outputs) {
    command.output(target);
    if (filters.length > 0) command.videoFilters(filters.join(','));
    command.outputOptions(...threadOptions(options), ...options);
  }
  return { name, program, args: [...GLOBAL, ...argumentsOf(command)], ...rest };
}

/** The builder of fluent-ffmpeg 2 is synchronous, but not in its types. */
function argumentsOf(command: fluent.FfmpegCommand): string[] {
  return (command as unknown as { _getArguments(): (string | number)[] })._getArguments().map(String);
}
