import { z } from 'zod';
import { openJournal } from '../../src/disk/journal.ts';

// Appends to the journal named on the command line until it is killed, and says each record that it was promised.
await using journal = await openJournal(process.argv[2] ?? '', z.object({ take: z.number() }));
for (let take = journal.records.length; ; take++) {
  await journal.append({ take });
  process.stdout.write(`${take}\n`);
}
