import type { Command } from 'commander';
import { z } from 'zod';
import type { ClaimSigner } from '../provenance/c2pa/cose-sign.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';

const text = z.exactOptional(z.string());
const optionsSchema = z.strictObject({ sign: text, key: text, report: text, makeDevelopmentCertificate: text });

const EXAMPLES = `
Examples:
  reelmend sign --make-development-certificate certificate/
  reelmend sign restored.mov --sign certificate/cert.pem --key certificate/key.pem
  reelmend verify restored.mov

A certificate that nobody vouches for shows as untrusted wherever it is read.
`;

/** Adds `reelmend sign`. */
export function addSign(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('sign')
    .summary('sign content credentials (C2PA) for a finished output')
    .description(
      'Signs what the edit log of an output says as content credentials: in a .mp4 or .mov, else in a .c2pa file beside it. The picture stays as it is.',
    )
    .argument('[out]', 'a restored reel: a folder or a movie')
    .option('--sign <cert.pem>', "the signer's certificate, and those that vouch for it, without the root")
    .option('--key <key.pem>', 'its private key: EC P-256, P-384, Ed25519 or RSA')
    .option('--report <folder>', 'where the report is; default <out>.report')
    .option('--make-development-certificate <folder>', 'make a certificate and a key to try it with; its names say so')
    .addHelpText('after', EXAMPLES)
    .action(async (out: string | undefined, given: unknown) => end(await sign(out, given, io)));
}

async function sign(out: string | undefined, given: unknown, io: CliIo): Promise<ExitCode> {
  const { makeDevelopmentCertificate: folder, report, ...options } = optionsSchema.parse(given);
  if (folder !== undefined) {
    const { makeDevelopmentCertificate } = await import('../pipeline/credentials/development-certificate.ts');
    const { certificate, key } = await makeDevelopmentCertificate(folder);
    io.stdout.write(
      `Certificate  ${certificate}\nKey          ${key}\nIt is for development: its names say so, and whoever reads what it signed is told that nobody vouches for it.\n`,
    );
    return EXIT.done;
  }
  if (out === undefined) throw new UsageError('Give the output that is signed, or --make-development-certificate.');
  const signer = await signingOf(options);
  if (!signer) throw new UsageError('Add --sign and --key: the certificate, and its private key.');
  io.stdout.write(await signed(out, report, signer));
  return EXIT.done;
}

/** The signer that was asked for, if any. @throws UsageError where half of it was given */
export async function signingOf(options: {
  readonly sign?: string;
  readonly key?: string;
}): Promise<ClaimSigner | null> {
  if (options.sign === undefined && options.key === undefined) return null;
  if (options.sign === undefined || options.key === undefined)
    throw new UsageError('--sign and --key belong together: the certificate, and its private key.');
  const { pemSigner } = await import('../pipeline/credentials/sign-output.ts');
  return pemSigner(options.sign, options.key);
}

/** Signs an output, and says where its credentials are. */
export async function signed(out: string, report: string | undefined, signer: ClaimSigner): Promise<string> {
  const { signOutput } = await import('../pipeline/credentials/sign-output.ts');
  return `Signed    ${await signOutput(out, report, signer)}\n`;
}
