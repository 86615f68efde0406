import type { Registry } from 'prom-client';
import { UsageError } from '../settings/usage-error.ts';
import { codeMeaning, type EventCode } from './event-codes.ts';
import type { RunEvent } from './run-event.ts';

/** Counters, gauges and histograms in Prometheus's text format. */
export interface EventCounters {
  /** Adds an event. */
  observe(event: RunEvent): void;
  /** Steps of the queue by their state, such as `waiting` and `active`. */
  setDepth(steps: Readonly<Record<string, number>>): void;
  /** All of them, as a scrape gets them, and of which kind the text is. */
  text(): Promise<{ readonly body: string; readonly type: string }>;
}

/** How a take ended, as `reelmend_takes_total` names it. */
const TAKE_OUTCOMES: Readonly<Partial<Record<EventCode, string>>> = {
  TAKE_RENDERED: 'rendered',
  TAKE_COPIED: 'copied',
  TAKE_KEPT: 'kept',
};

/** Seconds of a take or a step: from a copied take to the tracking of a reel. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200];

const isIsolating = (code: EventCode): boolean => ISOLATING.has(code);
const ISOLATING: ReadonlySet<EventCode> = new Set([
  'E_FRAME_DAMAGED',
  'E_FRAME_MISSING',
  'E_PICTURE_DAMAGED',
  'E_STEP_GIVEN_UP',
]);

/** @throws UsageError where the package `prom-client` is not installed. */
export async function eventCounters(): Promise<EventCounters> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await promClient();
  const register: Registry = new Registry();
  collectDefaultMetrics({ register });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `reelmend_${name}_total`, help, labelNames, registers: [register] });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: `reelmend_${name}_seconds`, help, labelNames, buckets: SECONDS, registers: [register] });

  const events = counter('events', 'Events by code.', ['code', 'level']);
  const frames = counter('frames', 'Frames of takes and pictures that were finished.');
  const restored = counter('frames_restored', 'Frames of finished takes in which a face was restored.');
  const isolated = counter('frames_isolated', 'Frames that were passed through because of a fault.', ['code']);
  const refused = counter('faces_refused', 'Faces that were left alone, by frames and reason.', ['reason']);
  const takes = counter('takes', 'Takes by how they ended.', ['outcome']);
  const redeliveries = counter('redeliveries', 'Steps that were given to another attempt.');
  const crashes = counter('slot_crashes', 'Processes of slots that ended unasked.');
  const lost = counter('device_losses', 'Failures of graphics adapters amid a take.');
  const takeSeconds = histogram('take', 'Wall-clock time of a take.', ['device']);
  const stepSeconds = histogram('step', 'Wall-clock time of a step of the farm.', ['step']);
  const stageSeconds = histogram('stage', 'Wall-clock time of a stage of a run.', ['stage']);
  const depth = new Gauge({
    name: 'reelmend_queue_depth',
    help: 'Steps of the queue by state.',
    labelNames: ['state'],
    registers: [register],
  });

  return {
    observe({ code, labels = {}, counts = {}, seconds, reason = 'unknown' }) {
      events.inc({ code, level: codeMeaning(code).level });
      const outcome = TAKE_OUTCOMES[code];
      if (outcome) takes.inc({ outcome });
      if (code === 'TAKE_RENDERED' || code === 'TAKE_COPIED' || code.startsWith('PICTURE_')) {
        frames.inc(counts.frames ?? 0);
        if (code === 'TAKE_RENDERED') restored.inc(counts.restored ?? 0);
      }
      if (isIsolating(code)) isolated.inc({ code }, counts.frames ?? 0);
      if (code === 'FACE_REFUSED') refused.inc({ reason }, counts.refused ?? 0);
      if (code === 'STEP_REDELIVERED') redeliveries.inc();
      if (code === 'E_SLOT_CRASHED' || code === 'E_SLOT_HUNG') crashes.inc();
      if (code === 'E_DEVICE_LOST') lost.inc();
      if (seconds === undefined) return;
      if (code === 'TAKE_RENDERED') takeSeconds.observe({ device: String(labels.device ?? 'unknown') }, seconds);
      if (code === 'STAGE_FINISHED') stageSeconds.observe({ stage: String(labels.stage ?? 'unknown') }, seconds);
      if (code === 'STEP_DONE') stepSeconds.observe({ step: stepKind(labels.step) }, seconds);
    },
    setDepth(steps) {
      for (const [state, count] of Object.entries(steps)) depth.set({ state }, count);
    },
    text: async () => ({ body: await register.metrics(), type: register.contentType }),
  };
}

/** `take` of `take-12`: a series for each step would grow with every reel. */
function stepKind(step: string | number | undefined): string {
  return String(step ?? 'unknown').replace(/-\d+$/, '');
}

async function promClient() {
  try {
    return (await import('prom-client')).default;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError(
      'The package "prom-client", which metrics need, is not installed. Run "npm install prom-client@15.1.3", or leave --metrics out.',
      { cause },
    );
  }
}
