import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closestName } from '../settings/closest-name.ts';
import { UsageError } from '../settings/usage-error.ts';

/** Where copies go, as it was given. */
export type TargetAddress = FileAddress | S3Address;

export interface FileAddress {
  readonly kind: 'file';
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

export interface S3Address {
  readonly kind: 's3';
  readonly name: string;
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Of a store that is not Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

/** What holds for every `s3:` target that does not say otherwise itself. */
export type S3Defaults = Pick<S3Address, 'endpoint' | 'region'>;

const S3 = /^s3:\/\/([\w.-]{3,255})(?:\/([^?]*))?(?:\?(.*))?$/;
const S3_OPTIONS = ['endpoint', 'region'] as const;

/**
 * Reads `file:<folder>` or `s3://bucket/prefix`, the latter with `?endpoint=…&region=…` where it has its own.
 *
 * @param field how the error names what was given
 * @throws UsageError
 */
export function parseTarget(field: string, text: string, defaults: S3Defaults): TargetAddress {
  if (/^file:./.test(text)) return { kind: 'file', name: text, folder: folderOf(field, text) };
  const [found, bucket, prefix = '', options = ''] = S3.exec(text) ?? [];
  if (found === undefined || bucket === undefined) {
    throw new UsageError(`${field} "${text}" is not a target. Write it as file:<folder> or s3://bucket/prefix.`);
  }
  const own = new URLSearchParams(options);
  const unknown = [...own.keys()].find((key) => !S3_OPTIONS.some((known) => known === key));
  if (unknown !== undefined) {
    const advice = closestName(unknown, S3_OPTIONS);
    throw new UsageError(
      `${field} "${text}": "${unknown}" is not one of ${S3_OPTIONS.join(', ')}.${advice ? ` Did you mean "${advice}"?` : ''}`,
    );
  }
  const endpoint = own.get('endpoint') ?? defaults.endpoint;
  if (endpoint !== undefined && !isWebAddress(endpoint)) {
    throw new UsageError(`The endpoint "${endpoint}" is not an address. Write it as https://storage.example:9000.`);
  }
  return {
    kind: 's3',
    name: text,
    bucket,
    prefix: prefix.split('/').filter(Boolean).join('/'),
    endpoint,
    region: own.get('region') ?? defaults.region,
  };
}

/** What two addresses of one place have in common. */
export function placeKey(address: TargetAddress): string {
  return address.kind === 'file'
    ? address.folder
    : JSON.stringify([address.endpoint ?? '', address.bucket, address.prefix]);
}

function folderOf(field: string, text: string): string {
  if (!text.startsWith('file://')) return resolve(text.slice('file:'.length));
  try {
    return fileURLToPath(text);
  } catch {
    throw new UsageError(`${field} "${text}" is not a folder of this machine. Write it as file:/folder.`);
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
