// Writes so many lines to a log, numbered by their frames: node log-writer.mjs <log> <slot> <lines>. Says each on its standard output.
import { openEventLog } from '../../dist/src/log/event-log.js';

const [path, slot, lines] = process.argv.slice(2);
const log = openEventLog(path, { slot }, (sentence) => process.stderr.write(`${sentence}\n`));
for (let frame = 0; frame < Number(lines); frame++) {
  // Longer than a page of the system's cache, so that a line that is not written at once would be torn.
  log.write({ code: 'E_FRAME_DAMAGED', labels: { frame }, reason: 'x'.repeat(5000) });
  if (frame % 100 === 99) process.stdout.write(`${frame}\n`);
}
