/**
 * The main job from end to end on the sample reel: makes the reel and the actor's stills, restores the one with the others, and
 * says where to look. `npm run demo`; everything lands in `out/demo`.
 */
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../src/cli/run.ts';
import { makeReel, sampleFileName } from './make-reel.ts';
import { makeStills } from './make-stills.ts';
