import { rm } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { openRedisServer } from '../farm/redis-server.ts';

/** What a Redis server has done and holds at a moment. */
export interface Usage {
  /** Scripts that clients sent. */
  readonly scripts: number;
  /** Commands, those inside scripts counted. */
  readonly commands: number;
  /** To and from clients. */
  readonly bytes: number;
  /** Processor time, seconds. */
  readonly processor: number;
  /** Bytes that its data and clients take. */
  readonly memory: number;
  /** Of the append-only file, bytes. */
  readonly fileBytes: number;
}

/** A Redis server of the bench's own; it ends with its data when it is disposed. */
export interface OwnRedis extends AsyncDisposable {
  readonly client: Redis;
  readonly connection: { readonly host: string; readonly port: number; readonly maxRetriesPerRequest: null };
  usage(): Promise<Usage>;
}

/** Starts a Redis server with an append-only file in `folder`, which it empties. */
export async function openRedis(folder: string): Promise<OwnRedis> {
  await rm(folder, { recursive: true, force: true });
  const server = await openRedisServer(folder);
  const client = server.redis;
  return {
    client,
    connection: { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null },
    async usage() {
      const info = await client.info('everything');
      const of = (key: string) => Number(new RegExp(`^${key}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
      const calls = [...info.matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm)];
      return {
        scripts: calls.reduce((sum, [, name, count]) => sum + (name?.startsWith('eval') ? Number(count) : 0), 0),
        commands: calls.reduce((sum, [, , count]) => sum + Number(count), 0),
        bytes: of('total_net_input_bytes') + of('total_net_output_bytes'),
        processor: of('used_cpu_user') + of('used_cpu_sys'),
        memory: of('used_memory'),
        fileBytes: of('aof_current_size'),
      };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What was used from one moment to another. */
export function usageBetween(before: Usage, after: Usage): Usage {
  const of = (key: keyof Usage) => after[key] - before[key];
  return {
    scripts: of('scripts'),
    commands: of('commands'),
    bytes: of('bytes'),
    processor: of('processor'),
    memory: of('memory'),
    fileBytes: of('fileBytes'),
  };
}
