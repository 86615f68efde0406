import { UsageError } from '../settings/usage-error.ts';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = one that is free. */
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const HIGHEST = 65_535;

/** `9464` on this machine only, or `0.0.0.0:9464`, `[::]:9464`. @param name what people call it, such as `--metrics` */
export function parseListenAddress(name: string, text: string): ListenAddress {
  const match = /^(?:(?<host>[\w.-]+|\[[\da-f:.]+\]):)?(?<port>\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.groups?.['port']);
  if (!match || port > HIGHEST) {
    throw new UsageError(
      `${name} "${text}" is not an address. Write a port, such as 9464, to listen on this machine only, or an address and a port, such as 0.0.0.0:9464.`,
    );
  }
  return { host: match.groups?.['host']?.replace(/^\[|\]$/g, '') ?? LOOPBACK, port };
}
