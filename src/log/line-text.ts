import type { LogLine } from './log-line.ts';
import { EVENT_LABELS } from './run-event.ts';

/** Labels that say where, in this order. The reel comes before them by its name, and behind them what computes. */
const PLACES = EVENT_LABELS.filter((label) => !['command', 'reel', 'device', 'gpu'].includes(label));

/** A line for people: when, where, how bad, which code, of what, how long, and why. */
export function lineText(line: LogLine): string {
  const { time, host, level, code, labels, counts, seconds, reason, error, message } = line;
  const reel = labels['reel']?.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  const card = labels['gpu'] === undefined ? [] : [`gpu ${labels['gpu']}`];
  const device = labels['device'] === undefined ? [] : [labels['device']];
  const places = PLACES.flatMap((name) => (labels[name] === undefined ? [] : [`${name} ${labels[name]}`]));
  const counted = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const parts = [
    [...(reel ? [reel] : []), ...places, ...card, ...device].join(' '),
    [...counted, ...(seconds === null ? [] : [`${seconds.toFixed(2)} s`])].join(', '),
    error ? `${error.type}: ${firstLine(error.message)}` : (reason ?? message),
  ];
  const when = new Date(time).toISOString().replace('T', ' ');
  return [`${when}  ${host}  ${level.padEnd(5)}  ${code}`, ...parts.filter((part) => part !== '')].join('  ');
}

function firstLine(text: string): string {
  return text.replace(/\n.*$/s, ' …');
}
