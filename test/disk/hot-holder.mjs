// Opens the hot folder argv[2], takes the file argv[3] (its SHA-256 argv[4]) into a hold, says so and stays.
import { copyFile, stat } from 'node:fs/promises';
import { openHotFolder } from '../../dist/src/disk/hot-folder.js';

const [folder, source, sha256, bytes] = process.argv.slice(2);
const hot = await openHotFolder({ folder, bytes: Number(bytes) });
const hold = await hot.hold();
const path = await hold.get({
  sha256,
  bytes: (await stat(source)).size,
  fill: (draft) => copyFile(source, draft),
});
process.stdout.write(`${path}\n`);
setInterval(() => {}, 1000);
