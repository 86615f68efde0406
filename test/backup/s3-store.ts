import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

/** The bucket that every store has. */
export const BUCKET = 'films';

/** A store that speaks S3, on a port of its own of this machine alone. */
export interface S3Store extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** The store's own folder: objects are files below `films`, with more behind their names. */
  readonly folder: string;
}

/** Starts a store, and gives this process the credentials that it takes. */
export async function openS3Store(): Promise<S3Store> {
  process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER';
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    folder,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A target of a store, below `prefix`. */
export function s3Target({ endpoint }: Pick<S3Store, 'endpoint'>, prefix = 'reel'): string {
  return `s3://${BUCKET}/${prefix}?endpoint=${endpoint}`;
}
