import { TargetError, type TargetFault } from './target-error.ts';

/** What an error of the SDK states beside its message. */
interface S3Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly errors?: readonly S3Failure[];
}

/** True for the answer that there is no such object. */
export function isAbsence(cause: unknown): boolean {
  return (cause as S3Failure).name === 'NoSuchKey' || (cause as S3Failure).name === 'NotFound';
}

const FAULT_OF_CODE: Readonly<Record<string, TargetFault>> = {
  ECONNREFUSED: 'down',
  ENOTFOUND: 'down',
  EAI_AGAIN: 'down',
  EHOSTUNREACH: 'down',
  ENETUNREACH: 'down',
  ETIMEDOUT: 'down',
  TimeoutError: 'down',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  ERR_STREAM_PREMATURE_CLOSE: 'cut',
  // MinIO's, Ceph's, and what other stores say.
  XMinioStorageFull: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  CredentialsProviderError: 'refuses',
  NoSuchBucket: 'refuses',
  PermanentRedirect: 'refuses',
};

/** What an error of the SDK says of a target, as a sentence. */
export function s3Trouble(name: string, bucket: string, cause: unknown): TargetError {
  if (cause instanceof TargetError) return cause;
  const failure = cause as S3Failure;
  const status = failure.$metadata?.httpStatusCode;
  // A host of several addresses fails with an error for each.
  const code = failure.code ?? failure.errors?.[0]?.code ?? '';
  // The SDK calls every broken connection a timeout: its code says more.
  const fault = FAULT_OF_CODE[code] ?? FAULT_OF_CODE[failure.name ?? ''] ?? faultOfStatus(status, failure.message);
  const what = code !== '' ? code : failure.name;
  const message = failure.message?.split('\n')[0]?.replace(/\.$/, '') ?? '';
  const said = [[status, what].filter(Boolean).join(' '), message].filter(Boolean).join(': ');
  if (message === 'Region is missing') {
    return new TargetError('refuses', `${name} has no region. Give it with --region, or set AWS_REGION.`, { cause });
  }
  return new TargetError(fault, `${name} ${sentenceEnd(fault, failure.name ?? '', bucket, said)}`, { cause });
}

function faultOfStatus(status: number | undefined, message = ''): TargetFault {
  if (status === 507 || /no space left|ENOSPC/i.test(message)) return 'full';
  if (status === 401 || status === 403) return 'refuses';
  if (status !== undefined && status >= 500) return 'busy';
  // Node's client says so of an answer that ends before all of it has come.
  return /aborted|terminated|socket hang up/.test(message) ? 'cut' : 'fails';
}

function sentenceEnd(fault: TargetFault, name: string, bucket: string, said: string): string {
  if (name === 'NoSuchBucket') return `refuses: it has no bucket "${bucket}". Create it, or correct the name.`;
  if (name === 'PermanentRedirect') return `refuses: the bucket lies in another region. Give it with --region.`;
  if (name === 'CredentialsProviderError') {
    return 'refuses: no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.';
  }
  switch (fault) {
    case 'down':
      return `is down (${said}). Start it, or check its address and the network.`;
    case 'full':
      return `is full (${said}). Free some space there, then run it again: what was copied stays.`;
    case 'cut':
      return `breaks off in mid-transfer (${said}). Check the network, then run it again: what was copied stays.`;
    case 'busy':
      return `is busy or broken (${said}). Run it again later: what was copied stays.`;
    case 'refuses':
      return `refuses (${said}). Check the credentials, and what they may do there.`;
    default:
      return `fails (${said}).`;
  }
}
