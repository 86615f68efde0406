import type { OrderStatus } from '../farm/queue/order-status.ts';
import type { WorkerRecord } from '../farm/queue/worker-records.ts';
import { formatSeconds } from '../report/format-seconds.ts';
import { type Column, textTable } from './text-table.ts';

const ORDERS: readonly Column[] = [
  { name: 'order', align: 'left' },
  { name: 'output', align: 'left' },
  { name: 'state', align: 'left' },
  { name: 'steps', align: 'right' },
  { name: 'failed', align: 'right' },
  { name: 'frames/s', align: 'right' },
  { name: 'ends in about', align: 'right' },
];

const WORKERS: readonly Column[] = [
  { name: 'worker', align: 'left' },
  { name: 'slot', align: 'right' },
  { name: 'gpu', align: 'right' },
  { name: 'does', align: 'left' },
  { name: 'since', align: 'right' },
];

/** Orders and machines as people read them. @param now milliseconds, as `Date.now` */
export function statusText(orders: readonly OrderStatus[], workers: readonly WorkerRecord[], now: number): string {
  if (orders.length === 0) return `No order is known to this queue.\n${workersText(workers, orders, now)}`;
  const rows = orders.map(({ id, out, state, exit, steps, rate, remaining }) => [
    id.slice(0, 12),
    out,
    state === 'done' && exit ? `done, exit code ${exit}` : state,
    steps ? `${steps.done}/${steps.of}` : '',
    steps && steps.failed > 0 ? String(steps.failed) : '',
    rate === null ? '' : rate.toFixed(1),
    remaining === null ? '' : formatSeconds(remaining),
  ]);
  return `${textTable(ORDERS, rows)}${orders.map(remarks).join('')}\n${workersText(workers, orders, now)}`;
}

/** What an order is at, in one line. */
export function statusLine({ state, steps, rate, remaining, givenUp }: OrderStatus): string {
  const words = [
    WORDS[state],
    ...(steps && (state === 'tracking' || state === 'rendering')
      ? [`${steps.done} of ${steps.of} ${state === 'tracking' ? 'parts' : 'takes'}`]
      : []),
    ...(givenUp.length > 0 ? [`${givenUp.length} given up`] : []),
    ...(rate === null ? [] : [`${rate.toFixed(1)} frames/s`]),
    ...(remaining === null ? [] : [`${formatSeconds(remaining)} left`]),
  ];
  return words.join(', ');
}

const WORDS: Readonly<Record<OrderStatus['state'], string>> = {
  tracking: 'Looking for faces',
  casting: 'Casting',
  rendering: 'Restoring',
  joining: 'Joining',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  lost: 'Not in the queue any more: submit the reel again, what is finished is used',
};

function remarks(order: OrderStatus): string {
  const { id, state, reason, givenUp, stuck, refusals } = order;
  const name = id.slice(0, 12);
  const said = [
    ...(state === 'failed' ? [`It failed: ${reason} When the cause is gone: reelmend retry ${name}`] : []),
    ...(state === 'lost' ? [`${WORDS.lost}.`] : []),
    ...(stuck === undefined ? [] : [stuck]),
    ...givenUp.map((step) => `${step.step} was given up: ${step.reason}`),
    ...(givenUp.length > 0 && state !== 'failed' ? [`To try again what was given up: reelmend retry ${name}`] : []),
    ...refusals.map(({ host, step, sentence }) => `${host} leaves ${step} to others: ${sentence}`),
  ];
  return said.map((sentence) => `${name}  ${sentence}\n`).join('');
}

function workersText(workers: readonly WorkerRecord[], orders: readonly OrderStatus[], now: number): string {
  if (workers.length === 0) return 'No worker is running. Start one on each machine: reelmend work --queue …\n';
  const rows = workers.flatMap(({ id, draining, slots }) =>
    slots.map(({ slot, gpu, doing }) => [
      draining ? `${id} (draining)` : id,
      String(slot),
      gpu ?? '',
      doing ? doingText(doing, orders) : 'waits',
      doing ? formatSeconds(Math.max(0, (now - Date.parse(doing.since)) / 1000)) : '',
    ]),
  );
  return textTable(WORKERS, rows);
}

type Doing = NonNullable<WorkerRecord['slots'][number]['doing']>;

function doingText({ step, order, stage, done, total }: Doing, orders: readonly OrderStatus[]): string {
  const out = orders.find(({ id }) => id === order)?.out ?? order.slice(0, 12);
  const at = stage === undefined ? '' : `, ${stage}${total ? ` ${done ?? 0}/${total}` : ''}`;
  return `${step} of ${out}${at}`;
}
