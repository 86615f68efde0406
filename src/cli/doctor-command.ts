import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { textTable } from './text-table.ts';

/** Adds `reelmend doctor`. */
export function addDoctor(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('say what this machine has, and what is missing')
    .description(
      'Says what Reelmend finds on this machine: ffmpeg, cores, memory, disk, graphics adapters, and what runs networks; what --device auto would choose, and what to install for more. Exit code 1 where it cannot work.',
    )
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .action(async (options: { ffmpeg?: string }) => {
      const { examineMachine } = await import('../pipeline/examine-machine.ts');
      const { facts, faults, advice } = await examineMachine(options.ffmpeg);
      const columns = [
        { name: 'what', align: 'left' },
        { name: 'found', align: 'left' },
      ] as const;
      io.stdout.write(textTable(columns, facts));
      for (const sentence of [...faults, ...advice]) io.stdout.write(`\n${sentence}\n`);
      end(faults.length === 0 ? EXIT.done : EXIT.failed);
    });
}
