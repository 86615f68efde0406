import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../settings/usage-error.ts';
import type { BackupTarget, TargetRequest } from './backup-target.ts';
import { isAbsence, s3Trouble } from './s3-trouble.ts';
import type { S3Address } from './target-address.ts';
import { watchedContent } from './watched-content.ts';

/** Bytes of a part, at the least; S3 takes 10,000 parts of an object, and none but the last below 5 MiB. */
const PART_BYTES = 2 ** 23;
const MOST_PARTS = 10_000;
/** Parts of an object that are on their way at a time: so many are in memory, and the one that is read. */
const PARTS_AT_ONCE = 3;
/** Tries of a request before its answer counts. */
const ATTEMPTS = 4;
/** Milliseconds that a store may take to answer at all, and to forget the parts of an upload that failed. */
const CONNECTION_TIMEOUT = 10_000;
const ABORT_TIMEOUT = 10_000;

/**
 * A bucket of Amazon S3 or of a store that speaks its protocol. Credentials are found as the SDK finds them: in the environment,
 * `~/.aws`, or from the machine.
 *
 * @throws UsageError where the packages for it are not installed
 */
export async function openS3Target({ name, bucket, prefix, endpoint, region }: S3Address): Promise<BackupTarget> {
  const { s3, Upload } = await loadSdk(name);
  const client = new s3.S3Client({
    ...(region !== undefined ? { region } : endpoint !== undefined ? { region: 'us-east-1' } : {}),
    ...(endpoint !== undefined ? { endpoint, forcePathStyle: true } : {}),
    maxAttempts: ATTEMPTS,
    // Older stores do not know the checksums that the SDK adds by itself, and what is read back is held to our own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT },
  });
  const place = (key: string) => ({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
  const told = <Result>(request: TargetRequest, asked: Promise<Result>) =>
    asked.catch((cause: unknown) => {
      request.signal.throwIfAborted();
      throw s3Trouble(name, bucket, cause);
    });
  return {
    name,
    async put(key, content, size, request) {
      const watched = watchedContent(content, request.onMove);
      const upload = new Upload({
        client: watchedClient(client, s3.AbortMultipartUploadCommand, request),
        params: { ...place(key), Body: Readable.from(watched.pieces, { objectMode: false }) },
        partSize: Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS)),
        queueSize: PARTS_AT_ONCE,
      });
      try {
        await upload.done();
      } catch (cause) {
        watched.rethrow();
        request.signal.throwIfAborted();
        throw s3Trouble(name, bucket, cause);
      }
    },
    async get(key, request) {
      const asked = client.send(new s3.GetObjectCommand(place(key)), { abortSignal: request.signal });
      const found = await told(request, nullWhereAbsent(asked));
      return found && piecesOf(found.Body as Readable, { name, bucket, ...request });
    },
    async size(key, request) {
      const asked = client.send(new s3.HeadObjectCommand(place(key)), { abortSignal: request.signal });
      const found = await told(request, nullWhereAbsent(asked));
      return found && (found.ContentLength ?? null);
    },
    async list(folder, request) {
      const { Bucket, Key } = place(`${folder}/`);
      const names: string[] = [];
      for (let next: string | undefined; ; ) {
        const page = new s3.ListObjectsV2Command({ Bucket, Prefix: Key, ContinuationToken: next });
        const found = await told(request, client.send(page, { abortSignal: request.signal }));
        request.onMove();
        for (const object of found.Contents ?? []) if (object.Key) names.push(object.Key.slice(Key.length));
        next = found.NextContinuationToken;
        if (next === undefined) return names.sort();
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** Loaded where a target needs it: it takes a tenth of a second, and may not be installed. */
async function loadSdk(name: string) {
  try {
    const [s3, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
    return { s3, Upload };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError(
      `${name}: what speaks to S3 is not installed. Run "npm install @aws-sdk/client-s3@3.1169.0 @aws-sdk/lib-storage@3.1169.0", or give file: targets alone.`,
      { cause },
    );
  }
}

function nullWhereAbsent<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  return asked.catch((cause: unknown) => {
    if (isAbsence(cause)) return null;
    throw cause;
  });
}

/** A client whose requests are given up with ours, which an upload does not see to; each that is answered is progress. */
function watchedClient(
  client: S3Client,
  Abort: typeof import('@aws-sdk/client-s3').AbortMultipartUploadCommand,
  { signal, onMove }: TargetRequest,
): S3Client {
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    if (command instanceof Abort) {
      // What made the upload fail is what counts; parts that stay are the store's to remove.
      return client.send(command, { abortSignal: AbortSignal.timeout(ABORT_TIMEOUT) }).catch(() => undefined);
    }
    const answer = await client.send(command, { abortSignal: signal });
    onMove();
    return answer;
  };
  return Object.create(client, { send: { value: send } }) as S3Client;
}

async function* piecesOf(
  body: Readable,
  { name, bucket, signal, onMove }: TargetRequest & { readonly name: string; readonly bucket: string },
): AsyncGenerator<Uint8Array> {
  try {
    // An answer's stream does not see the signal that its request was given.
    signal.addEventListener('abort', () => body.destroy(), { once: true });
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      onMove();
      yield piece;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw s3Trouble(name, bucket, cause);
  } finally {
    body.destroy();
  }
}
