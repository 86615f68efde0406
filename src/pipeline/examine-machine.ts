import { availableParallelism, cpus, totalmem } from 'node:os';
import { cacheFolder } from '../disk/cache-folder.ts';
import { freeBytes } from '../disk/durable.ts';
import { formatBytes } from '../disk/format-bytes.ts';
import { packageVersion } from '../disk/package-version.ts';
import { findFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { openLibrary } from '../model/library.ts';
import { NETWORK_PROVIDERS, PROVIDER_NEEDS } from '../model/network-device.ts';
import { networkProviders } from '../model/open-on-device.ts';
import { fetchingLibraries, runtimeVersion } from '../model/runtime.ts';
import { type Answered, askChild, type KnownAdapters, listAdapters } from '../workers/ask-child.ts';
import { chooseNetworkDevice, faultOf } from './analysis/network-trials.ts';
import { memoryToPlanWith } from './work/machine-memory.ts';

/** A machine as Reelmend finds it. */
export interface ExaminedMachine {
  readonly facts: readonly (readonly [what: string, found: string])[];
  /** Why Reelmend cannot work here, and what to do, as sentences. */
  readonly faults: readonly string[];
  /** What to install for more, as sentences. */
  readonly advice: readonly string[];
}

/** @param ffmpeg see `findFfmpeg` */
export async function examineMachine(ffmpeg?: string): Promise<ExaminedMachine> {
  const found = await findFfmpeg({ path: ffmpeg }).catch((error: Error) => error);
  const adapters = await listAdapters();
  const choice = await askChild<{ name: string; reason: string }>('pipeline/device-choice-child');
  const providers = await triedProviders();
  const networks = await chooseNetworkDevice('auto');
  const cache = cacheFolder();
  const [core] = cpus();
  return {
    facts: [
      ['reelmend', packageVersion()],
      ['node', `${process.versions.node}, ${process.platform} ${process.arch}`],
      ['ffmpeg', found instanceof Error ? 'none' : `${found.version}, ${found.ffmpeg}`],
      ['cores', `${availableParallelism()}${core ? `, ${core.model.trim()}` : ''}`],
      ['memory', `${formatBytes(totalmem())}, of which a run may plan with ${formatBytes(memoryToPlanWith())}`],
      ['disk', `${formatBytes(await freeBytes(process.cwd()))} free in ${process.cwd()}`],
      ['cache', `${cache}, ${formatBytes(await freeBytes(cache))} free (REELMEND_CACHE moves it)`],
      ...adapterFacts(adapters),
      ['networks', `onnxruntime ${runtimeVersion()}: ${backends().join(', ')}`],
      ...providers.map(({ name, fault }): [string, string] => [
        name,
        fault ?? 'Runs networks: it answers a trial network right.',
      ]),
      ['models', await modelsHere()],
      ['--device auto', 'found' in choice ? `${choice.found.name}. ${choice.found.reason}` : `cpu. ${choice.refused}`],
      ['auto networks', `${networks.device}. ${networks.reason}`],
    ],
    faults: found instanceof Error ? [found.message] : [],
    advice: [...adviceOn(adapters), ...networkAdvice(providers)],
  };
}

interface TriedProvider {
  readonly name: Accelerator;
  /** Why it runs no networks, as a sentence; null where it does. */
  readonly fault: string | null;
}

type Accelerator = keyof typeof PROVIDER_NEEDS;

/** Every provider but the processor. */
async function triedProviders(): Promise<TriedProvider[]> {
  const here = networkProviders().map(({ name }) => name);
  const tried: TriedProvider[] = [];
  for (const name of NETWORK_PROVIDERS) {
    if (name === 'cpu') continue;
    const fault = here.includes(name) ? await faultOf(name) : 'Not in this build of onnxruntime.';
    tried.push({ name, fault: fault && `${fault} It needs ${PROVIDER_NEEDS[name]}.` });
  }
  return tried;
}

/** Those that are not part of the package run only where their libraries were installed. */
function backends(): string[] {
  return networkProviders().map(({ name, bundled }) => (bundled ? name : `${name} (where it is installed)`));
}

async function modelsHere(): Promise<string> {
  const models = await openLibrary().list();
  const present = models.filter(({ state }) => state === 'present');
  const bytes = present.reduce((sum, model) => sum + model.bytes, 0);
  const damaged = models.filter(({ state }) => state === 'damaged').map(({ id }) => id);
  const said = `${present.length} of ${models.length} here, ${formatBytes(bytes)} ("reelmend models list")`;
  return damaged.length === 0
    ? said
    : `${said}; damaged: ${damaged.join(', ')}, to be fetched by "reelmend models pull"`;
}

function networkAdvice(providers: readonly TriedProvider[]): string[] {
  const fetching = fetchingLibraries();
  if (!fetching || providers.some(({ name, fault }) => name === 'cuda' && fault === null)) return [];
  return [
    `To run networks on an NVIDIA card, install ${PROVIDER_NEEDS.cuda}. The last are fetched by onnxruntime's own script, which this project's .npmrc leaves out (some hundred MiB):\n${fetching}`,
  ];
}

function adapterFacts(answer: Answered<KnownAdapters>): [string, string][] {
  if ('refused' in answer) return [['graphics', answer.refused]];
  const { version, adapters } = answer.found;
  if (adapters.length === 0) return [['graphics', `webgpu ${version} finds no adapter`]];
  return adapters.map(({ description, vendor, architecture, software, largestBuffer, largestBinding }) => [
    'graphics',
    [
      description,
      [vendor, architecture].filter(Boolean).join(' '),
      software ? 'computes on the processor: only by name, for tests' : 'computes by itself',
      `buffers up to ${formatBytes(largestBuffer)}, of which a kernel sees ${formatBytes(largestBinding)}`,
    ].join('; '),
  ]);
}

function adviceOn(answer: Answered<KnownAdapters>): string[] {
  // What cannot be asked says itself what to install.
  if ('refused' in answer || answer.found.adapters.some(({ software }) => !software)) return [];
  const driver =
    process.platform === 'linux'
      ? 'the driver of your graphics card and Vulkan’s loader (libvulkan1)'
      : 'the driver of your graphics card';
  return [`To render faces on a graphics card, install ${driver}; everything works without.`];
}
