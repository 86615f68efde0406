import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Options } from 'pacote';

/** npm's names of what decides how a registry is reached, and pacote's. Registries of scopes and credentials are taken as they are. */
const NAMES: Readonly<Record<string, string>> = {
  registry: 'registry',
  proxy: 'proxy',
  'https-proxy': 'httpsProxy',
  noproxy: 'noProxy',
  'strict-ssl': 'strictSSL',
  ca: 'ca',
  cert: 'cert',
  key: 'key',
};

/**
 * How this user's npm reaches its registry: environment (`npm_config_…`), then the user's `.npmrc`, then the machine's, read as npm
 * reads them (docs.npmjs.com, "npmrc").
 */
export async function npmSettings(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): Promise<Options> {
  const fromEnv = settingsOfEnvironment(env);
  const machine = await settingsOfFile(fromEnv['globalconfig'] ?? machineFile(), env);
  const user = await settingsOfFile(fromEnv['userconfig'] ?? join(home, '.npmrc'), env);
  const settings: Record<string, string> = { ...machine, ...user, ...fromEnv };

  const options: Record<string, unknown> = {
    preferOffline: true,
    fetchRetries: 2,
    fetchRetryMintimeout: 500,
    fetchRetryMaxtimeout: 4000,
  };
  for (const [key, value] of Object.entries(settings)) {
    const name = NAMES[key] ?? (key.includes(':') ? key : undefined);
    if (name && value !== '') options[name] = name === 'strictSSL' ? value !== 'false' : value;
  }
  if (settings['cafile']) options['ca'] = await certificates(settings['cafile']);
  if (settings['cache']) options['cache'] = join(settings['cache'], '_cacache');
  return options as Options;
}

/** `etc/npmrc` under npm's global prefix: the folder above the one of the Node executable, or on Windows that one itself. */
function machineFile(): string {
  const folder = dirname(process.execPath);
  return join(process.platform === 'win32' ? folder : dirname(folder), 'etc', 'npmrc');
}

function settingsOfEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const match = /^npm_config_(.+)$/i.exec(name);
    // Credentials and scopes (`//host/:_authToken`, `@scope:registry`) keep their underscores and case.
    const key = match?.[1] as string | undefined;
    if (key && value !== undefined) settings[/[/@]/.test(key) ? key : key.toLowerCase().replaceAll('_', '-')] = value;
  }
  return settings;
}

async function settingsOfFile(path: string, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const settings: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const value = (match[2] as string).replace(/^(["'])(.*)\1$/, '$2');
    settings[match[1] as string] = value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole);
  }
  return settings;
}

async function certificates(path: string): Promise<string[] | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? undefined;
}
