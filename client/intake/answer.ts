/** The answer about one body: the document at /openapi.json is made from it. */

import { z } from 'zod';
import { rules } from '../../workflows/catalog/index.ts';

export const otherCluster = 'ignored: other cluster';
export const blindFollowUp = 'follow-up: detection is blind';
export const resultWords = [
  'opened',
  'joined',
  'resolved',
  'ignored',
  otherCluster,
  blindFollowUp,
  'quarantined',
  'unreachable',
  'overloaded',
] as const;

export const deliveryResult = z.object({
  fingerprint: z.string().optional().meta({ description: 'Absent when the alert could not be read' }),
  result: z.enum(resultWords),
  incident: z.string().optional().meta({ description: 'Short name' }),
  runbook: z.string().optional().meta({ description: 'The runbook that the alert names, as the catalog calls it' }),
  rule: z.enum(rules).optional().meta({ description: 'The part of the alert that decided; absent where no runbook is named' }),
  reason: z.string(),
});
export type DeliveryResult = z.infer<typeof deliveryResult>;

const counted = z.partialRecord(z.enum(resultWords), z.int());
/** How many more of each result are not listed. */
export type More = z.infer<typeof counted>;

export const answer = z.object({
  alerts: z.array(deliveryResult).meta({ description: 'The first hundred, in the order of the body' }),
  more: counted.optional().meta({ description: 'The others, counted by result' }),
  artifact: z.string().optional().meta({ description: 'SHA-256 of the body in the artifact store' }),
  truncatedAlerts: z.int().optional().meta({ description: 'Alerts that the sender left out of the body' }),
});

export const refusal = z.object({ error: z.string() });
