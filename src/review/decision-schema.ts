import { z } from 'zod';
import type { Decision, DecisionBody, DecisionRequest, DecisionTarget, RedoRequest } from './api.ts';

const frame = z.int().min(0).max(1e9);
const pixel = z.number().min(-1e6).max(1e6);
const extent = z.number().positive().max(1e6);
const box = z.tuple([pixel, pixel, extent, extent]);
const name = z.string().min(1).max(200);

const target = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('reel') }),
  z.strictObject({ scope: z.literal('shot'), shot: frame }),
  z.strictObject({ scope: z.literal('track'), track: name }),
]) satisfies z.ZodType<DecisionTarget>;

const body = z.discriminatedUnion('what', [
  z.strictObject({ what: z.enum(['approve', 'reject', 'redo']) }),
  z.strictObject({ what: z.literal('note') }),
  z.strictObject({ what: z.literal('box'), frame, box }),
  z.strictObject({ what: z.literal('restorer'), restorer: name }),
  z.strictObject({ what: z.literal('preset'), preset: name }),
  z.strictObject({
    what: z.literal('setting'),
    name,
    value: z.union([z.number(), z.string().max(200), z.boolean(), z.null()]),
  }),
  z.strictObject({ what: z.literal('cast'), as: name.nullable() }),
  z.strictObject({ what: z.literal('still'), still: name, leftOut: z.boolean() }),
  z.strictObject({ what: z.literal('pin'), frame, five: z.array(pixel).length(10) }),
  z.strictObject({ what: z.literal('holdout'), in: frame, out: frame, box: z.exactOptional(box) }),
  z.strictObject({ what: z.literal('undo'), of: name }),
]) satisfies z.ZodType<DecisionBody>;

const who = z.string().trim().min(1).max(80);
const note = z.exactOptional(z.string().max(2000));

export const decisionRequestSchema = z.strictObject({
  seen: z.int().min(0),
  who,
  target,
  body,
  note,
}) satisfies z.ZodType<DecisionRequest>;

/** A line of the file of decisions. */
export const decisionSchema = z.strictObject({
  id: name,
  seq: z.int().min(1),
  who,
  when: z.iso.datetime(),
  target,
  body,
  note,
}) satisfies z.ZodType<Decision>;

export const redoRequestSchema = z.strictObject({ who }) satisfies z.ZodType<RedoRequest>;
