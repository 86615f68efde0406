import type { CliIo } from '../../src/cli/cli-io.ts';
import type { ExitCode } from '../../src/cli/exit.ts';
import { run } from '../../src/cli/run.ts';

/** What a command line wrote, and how it ended. */
export interface Ended {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without a terminal. @param onTrouble told what is written on standard error, as it is */
export async function ended(
  args: readonly string[],
  signal = new AbortController().signal,
  onTrouble: (text: string) => void = () => {},
): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const io: CliIo = {
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      write(text) {
        stderr += text;
        onTrouble(text);
      },
    },
    signal,
  };
  const code = await run(args, io);
  return { code, stdout, stderr };
}
