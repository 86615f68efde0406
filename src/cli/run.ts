import { Command } from 'commander';
import { packageVersion } from '../disk/package-version.ts';
import { addBackup } from './backup-command.ts';
import { addCancel } from './cancel-command.ts';
import type { CliIo } from './cli-io.ts';
import { addDoctor } from './doctor-command.ts';
import { addDrain } from './drain-command.ts';
import { EXIT, type ExitCode, exitCodeOf, isHelp, sentenceOf } from './exit.ts';
import { addExport } from './export-command.ts';
import { growHeapsFreely } from './heap-growth.ts';
import { addInspect } from './inspect-command.ts';
import { addLogs } from './logs-command.ts';
import { addMaster } from './master-command.ts';
import { addModels } from './models-command.ts';
import { addPreview } from './preview-command.ts';
import { addRestore } from './restore-command.ts';
import { addRetry } from './retry-command.ts';
import { addReview } from './review-command.ts';
import { addRunStep } from './run-step-command.ts';
import { addSign } from './sign-command.ts';
import { addStatus } from './status-command.ts';
import { addSubmit } from './submit-command.ts';
import { addVerify } from './verify-command.ts';
import { addWork } from './work-command.ts';

/** Runs one command line (without node and the script) and returns its exit code. Never throws. */
export async function run(args: readonly string[], io: CliIo): Promise<ExitCode> {
  growHeapsFreely();
  let code: ExitCode = EXIT.done;
  const program = programOf(io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (io.signal.aborted) {
      const kept = args.includes('--each') ? 'pictures' : 'takes';
      io.stderr.write(args[0] === 'restore' ? resumable(kept) : 'Stopped.\n');
      return EXIT.interrupted;
    }
    const ended = exitCodeOf(error);
    if (ended !== EXIT.done && !isHelp(error))
      io.stderr.write(`${sentenceOf(error, process.env['REELMEND_DEBUG'] === '1')}\n`);
    return ended;
  }
}

function resumable(kept: string): string {
  return `Stopped. Finished ${kept} are kept: give the same command again to go on.\n`;
}

function programOf(io: CliIo, end: (code: ExitCode) => void): Command {
  const program = new Command('reelmend')
    .description(
      'Restores faces in film reels. Networks run only where they must, only pixels inside the matte change, and the report proves both.',
    )
    .version(packageVersion(), '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // `run` writes all errors.
      outputError: () => {},
    })
    .addHelpText(
      'after',
      '\nExamples:\n  reelmend inspect scan/\n  reelmend preview scan/ --reference stills/\n  reelmend restore scan/ --out restored/ --reference stills/\n',
    );
  addRestore(program, io, end);
  addPreview(program, io, end);
  addInspect(program, io, end);
  addReview(program, io, end);
  addMaster(program, io, end);
  addVerify(program, io, end);
  addSign(program, io, end);
  addLogs(program, io, end);
  addBackup(program, io, end);
  addModels(program, io, end);
  addExport(program, io, end);
  addDoctor(program, io, end);
  addRunStep(program, io, end);
  addSubmit(program, io, end);
  addWork(program, io, end);
  addStatus(program, io, end);
  addCancel(program, io, end);
  addRetry(program, io, end);
  addDrain(program, io, end);
  return program;
}
