import { existsSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFiles } from '../../disk/durable.ts';
import { sha256Of } from '../../disk/sha256.ts';
import type { ClaimSigner } from '../../provenance/c2pa/cose-sign.ts';
import type { CredentialFacts } from '../../provenance/c2pa/manifest.ts';
import { hashList } from '../credentials/hash-list.ts';
import { makeCredentials, putCredentials } from '../credentials/make-credentials.ts';
import { sidecarPath } from '../credentials/sidecar-path.ts';
import type { DeliveredMaster } from './make-masters.ts';
import { writeRecord } from './master-record.ts';
import type { MastersFolder } from './masters-folder.ts';

/** By whom masters are signed, and what is signed of them. */
export interface MasterSigning {
  readonly facts: CredentialFacts;
  readonly signer: ClaimSigner;
}

/** Signs masters that were delivered, in the file or beside it; one that is signed for this log stays. Answers them as they are now. */
export async function signMasters(
  masters: readonly DeliveredMaster[],
  { facts, signer }: MasterSigning,
  folder: MastersFolder,
): Promise<DeliveredMaster[]> {
  const signed: DeliveredMaster[] = [];
  for (const master of masters) {
    const { path, record } = master;
    const isHeld = record.signed?.isInside === true || existsSync(sidecarPath(path));
    if (record.signed?.editLog === facts.logHash && isHeld) {
      signed.push(master);
      continue;
    }
    const sha256 = record.signed?.sha256 ?? (await hashOfMaster(path));
    const own = { ...facts, master: { name: basename(path), frames: record.frames, sha256 } };
    const list = join(folder.work, 'hash-list');
    const made = await makeCredentials(path, own, signer, async () => {
      await writeFile(list, await hashList(path));
      return list;
    });
    await rm(list, { force: true });
    await folder.delivering();
    const unsigned = record.signed?.bytes ?? record.bytes;
    const now = {
      ...record,
      bytes: made.isInside ? made.bytes.length : record.bytes,
      signed: { editLog: facts.logHash, sha256, bytes: unsigned, isInside: made.isInside },
    };
    // Whoever is killed between both finds a master of the size that it had unsigned, and signs it.
    await writeRecord(path, now);
    await putCredentials(made);
    signed.push({ ...master, record: now });
  }
  return signed;
}

/** SHA-256 of a master's file, or of its frames' hashes. */
async function hashOfMaster(path: string): Promise<string> {
  return (await stat(path)).isDirectory() ? sha256Of(await hashList(path)) : sha256OfFiles([path]);
}
