import type { Command } from 'commander';
import { z } from 'zod';
import { collect } from './reel-options.ts';

/** Adds where folders of the machine that submits are here. */
export function addMapOption(command: Command): Command {
  return command.option(
    '--map <from=to>',
    'a folder as the machine that submits sees it, and as this one does: /mnt/nas=/volumes/nas; again for more',
    collect,
  );
}

/** Commander's result, as it was typed; see `parsePathMaps`. */
export const mapOptionSchema = z.object({ map: z.array(z.string()).default([]) });
