// Restores one face, a frame whenever it is asked, by what was built in the folder that it is told: plain JavaScript, so that nothing but the build is
// timed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , checkout, size, stills] = process.argv;
const built = (path) => import(pathToFileURL(join(checkout, 'dist', 'src', path)).href);
const { openCpuCompute } = await built('compute/cpu/cpu-compute.js');
const { openDetail } = await built('restore/detail.js');

/** Neighbours on each side, and the frames that were drawn, which are shown forth and back. */
const REACH = 5;
let restorer;
let drawn;
const compute = openCpuCompute();
const film = [];
let filmed = 0;
let done = 0;

function lifted(frame) {
  const last = drawn.length - 1;
  const patch = drawn[Math.abs(((frame + last) % (2 * last)) - last)];
  return { ...patch, frame, rgb: compute.image(patch.rgb, Number(size), Number(size), 3) };
}

async function next() {
  const frame = REACH + done++;
  for (; filmed <= frame + REACH; filmed++) film.push(lifted(filmed));
  const at = frame - film[0].frame;
  const window = {
    centre: film[at],
    before: film.slice(at - REACH, at).reverse(),
    after: film.slice(at + 1, at + 1 + REACH),
  };
  const begun = process.cpuUsage();
  const restored = await restorer.restore(window);
  const { user, system } = process.cpuUsage(begun);
  restored[Symbol.dispose]();
  restorer.forget(frame + 1 - REACH);
  while (film[0].frame < frame + 1 - REACH) film.shift().rgb[Symbol.dispose]();
  return (user + system) / 1000;
}

process.on('message', async (message) => {
  if (message.patches) {
    drawn = message.patches;
    const options = { window: REACH, matteSoftness: 0.12, grainRatio: 1, strength: 1, stills: Number(stills) };
    restorer = openDetail(message.stills, options, compute);
  }
  process.send(await next());
});
