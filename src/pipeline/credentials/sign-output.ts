import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OutputError } from '../../disk/output-error.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { type ClaimSigner, claimSigner } from '../../provenance/c2pa/cose-sign.ts';
import type { CredentialFacts } from '../../provenance/c2pa/manifest.ts';
import { trySigner } from '../../provenance/c2pa/sign-file.ts';
import { readEditLogFile } from '../../provenance/read-edit-log.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { closeApprovals, readApprovalFiles } from '../approvals/close-approvals.ts';
import { EDIT_LOG } from '../evidence/write-edit-log.ts';
import { verifyCredentials } from '../verify/verify-credentials.ts';
import { verifyFiles } from '../verify/verify-files.ts';
import { makeCredentials, putCredentials } from './make-credentials.ts';

/** The signer of two files in PEM. @throws UsageError for files that are none, do not belong together, or may not sign credentials */
export async function pemSigner(certificate: string, key: string): Promise<ClaimSigner> {
  const read = (path: string, flag: string) =>
    readFile(path, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`${flag} "${path}" cannot be read: ${(cause as Error).message}.`, { cause });
    });
  const [certificates, secret] = [await read(certificate, '--sign'), await read(key, '--key')];
  try {
    const signer = claimSigner(certificates, secret);
    await trySigner(signer, certificate);
    return signer;
  } catch (cause) {
    throw new UsageError(`--sign "${certificate}" with --key "${key}": ${(cause as Error).message}.`, { cause });
  }
}

/**
 * Signs content credentials for a finished output, over its edit log: in the file where its container holds them and its size allows,
 * else beside it, bound to a movie's bytes, or to the edit log of a folder and of a movie that is too large. Answers where they are.
 *
 * @param report the report's folder; undefined = `<out>.report`
 * @throws OutputError where the edit log is missing or does not hold, or is of another output
 */
export async function signOutput(out: string, report: string | undefined, signer: ClaimSigner): Promise<string> {
  const { path, logPath, facts } = await signableOutput(out, report);
  const made = await makeCredentials(path, facts, signer, async () => logPath);
  await putCredentials(made);
  return made.path;
}

/**
 * What is signed of a finished output, by its edit log, which it was held to. What a review has decided is bound to it first.
 *
 * @param report the report's folder; undefined = `<out>.report`
 * @throws OutputError where the edit log is missing or does not hold, or is of another output, or the approvals do not hold
 */
export async function signableOutput(
  out: string,
  report: string | undefined,
): Promise<{ readonly path: string; readonly logPath: string; readonly facts: CredentialFacts }> {
  const path = resolve(out);
  const logPath = join(resolve(report ?? `${path}.report`), EDIT_LOG);
  const read = await readEditLogFile(logPath).catch((cause: unknown) => {
    throw new OutputError(
      logPath,
      `"${logPath}" cannot be read: ${(cause as Error).message}. What is signed is said there.`,
      {
        cause,
      },
    );
  });
  const { log, faults, seal, sha256: logHash } = read;
  if (!log || faults.length > 0) {
    throw new OutputError(logPath, `"${logPath}" is not signed, since it does not hold: ${faults[0]}`);
  }
  const files = await verifyFiles(path, log, { ffmpeg: await findFfmpeg(), signal: new AbortController().signal });
  const held = await verifyCredentials(path, logHash);
  const isSignedAnew =
    files.rewrapped && held.holdsFile && held.credentials?.named?.output === log.header.output.sha256;
  if (files.faults.length > 0 && !isSignedAnew) {
    throw new OutputError(
      path,
      `"${path}" is not signed, since it is not the output that its log describes: ${files.faults[0]}`,
    );
  }
  const folder = dirname(logPath);
  await closeApprovals(folder);
  const { bound } = await readApprovalFiles(folder, log, seal);
  const last = bound.hashes.at(-1);
  const approvals = last === undefined ? {} : { approvals: { lines: bound.hashes.length, sha256: last } };
  return { path, logPath, facts: { log, logHash, ...approvals } };
}
