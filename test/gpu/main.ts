import { drawnPortrait } from '../golden/drawn-portrait.ts';
import { check } from './check.ts';

process.exitCode = (await check(await drawnPortrait(), process.argv.slice(2))) ? 0 : 1;
