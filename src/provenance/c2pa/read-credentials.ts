import { z } from 'zod';
import { openBlob, openC2pa } from './c2pa-library.ts';
import { OUTPUT_ASSERTION } from './manifest.ts';

const status = z.looseObject({ code: z.string(), explanation: z.string().optional() });
const storeSchema = z.looseObject({
  active_manifest: z.string(),
  manifests: z.record(
    z.string(),
    z.looseObject({
      assertions: z.array(z.looseObject({ label: z.string(), data: z.unknown() })).default([]),
      signature_info: z.looseObject({ issuer: z.string().optional(), common_name: z.string().optional() }).optional(),
    }),
  ),
  validation_status: z.array(status).default([]),
});

const outputSchema = z.looseObject({
  output: z.looseObject({ sha256: z.string() }),
  editLog: z.looseObject({ sha256: z.string() }),
  approvals: z.exactOptional(z.looseObject({ lines: z.number(), sha256: z.string() })),
  masterOf: z.exactOptional(z.looseObject({ name: z.string(), sha256: z.string() })),
});
/** The library's fuller account, which alone tells hashes of files. */
const accountSchema = z.looseObject({
  manifests: z.array(
    z.looseObject({
      label: z.string(),
      assertions: z.looseObject({ 'c2pa.hash.data': z.looseObject({ hash: z.string() }).optional() }),
    }),
  ),
});

/** What content credentials say, and what is wrong with them. */
export interface Credentials {
  /** Who signed, by the certificate's own words. */
  readonly signer: string;
  /** True where no list of the reader's vouches for the certificate. */
  readonly untrusted: boolean;
  /** What does not hold, in the library's words: nothing where the manifest is the one that was signed. */
  readonly faults: readonly string[];
  /** SHA-256 of the output as it was before it was signed, and of its edit log; null where the manifest is not Reelmend's. */
  readonly named: {
    readonly output: string;
    readonly editLog: string;
    /** Where the chain of approvals ended then; null where there were none. */
    readonly approvals: { readonly lines: number; readonly sha256: string } | null;
    /** Of a master: the output of the log that it was made of. */
    readonly masterOf: { readonly name: string; readonly sha256: string } | null;
  } | null;
  /** SHA-256 of the file that a manifest beside it is bound to, lower-case hex; null where there is none. */
  readonly bound: string | null;
}

/** The credentials in a file; null where it holds none. */
export async function credentialsIn(path: string, format: string): Promise<Credentials | null> {
  const { WasmReader } = await openC2pa();
  using file = openBlob(path);
  try {
    using reader = await WasmReader.fromBlob(format, file.blob);
    return credentialsOf(reader, []);
  } catch (error) {
    if (/JumbfNotFound|no JUMBF data found/i.test(String(error))) return null;
    throw error;
  }
}

/** The credentials of a manifest that lies beside its file. What it is bound to is the caller's to compare: the reader sees no file. */
export async function credentialsBeside(manifest: Uint8Array): Promise<Credentials> {
  const { WasmReader } = await openC2pa();
  using reader = await WasmReader.fromBytes('application/c2pa', manifest);
  return credentialsOf(reader, ['assertion.dataHash.mismatch']);
}

function credentialsOf(
  reader: { readonly json: () => string; readonly crJson: () => string },
  unseen: readonly string[],
): Credentials {
  const store = storeSchema.parse(JSON.parse(reader.json()));
  const account = accountSchema.parse(JSON.parse(reader.crJson()));
  const manifest = store.manifests[store.active_manifest];
  const data = (label: string) => manifest?.assertions.find((one) => one.label === label)?.data;
  const named = outputSchema.safeParse(data(OUTPUT_ASSERTION));
  const hash = account.manifests.find(({ label }) => label === store.active_manifest)?.assertions['c2pa.hash.data']
    ?.hash;
  const { issuer = '', common_name: name = '' } = manifest?.signature_info ?? {};
  const untrusted = store.validation_status.some(({ code }) => code === UNTRUSTED);
  return {
    signer: [name, issuer].filter((one) => one !== '').join(', ') || 'nobody named',
    untrusted,
    faults: store.validation_status
      .filter(({ code }) => code !== UNTRUSTED && !unseen.includes(code))
      .map(({ code, explanation }) => (explanation ? `${code} (${explanation})` : code)),
    named: named.success ? namedBy(named.data) : null,
    bound: hash === undefined ? null : Buffer.from(hash.replace(/^b64'|'$/g, ''), 'base64').toString('hex'),
  };
}

function namedBy({
  output,
  editLog,
  approvals,
  masterOf,
}: z.output<typeof outputSchema>): NonNullable<Credentials['named']> {
  const of = masterOf ? { name: masterOf.name, sha256: masterOf.sha256 } : null;
  return { output: output.sha256, editLog: editLog.sha256, approvals: approvals ?? null, masterOf: of };
}

const UNTRUSTED = 'signingCredential.untrusted';
