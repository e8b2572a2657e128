/** The channels of the practice workspace, and messages as Slack keeps them. */

import { z } from 'zod';

export interface Channel {
  id: string;
  name: string;
  /** Whether our bot has been invited. */
  is_member: boolean;
  is_archived: boolean;
}

const open = (id: string, name: string): Channel => ({ id, name, is_member: true, is_archived: false });

export const channels: readonly Channel[] = [
  open('C0INCIDENTS', 'nqba-incidents'),
  open('C0CRITICAL', 'alerts-critical'),
  open('C0WARNING', 'alerts-warning'),
  open('C0SECURITY', 'nqba-security-emergency'),
  { id: 'C0FINANCE', name: 'finance', is_member: false, is_archived: false },
  { id: 'C0OLDOPS', name: 'ops-2024', is_member: true, is_archived: true },
];

export const Message = z.object({
  type: z.literal('message'),
  channel: z.string(),
  ts: z.string(),
  user: z.string(),
  bot_id: z.string().optional(),
  text: z.string(),
  thread_ts: z.string().optional(),
  blocks: z
    .array(z.looseObject({ type: z.string() }))
    .max(50)
    .optional(),
  metadata: z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) }).optional(),
  edited: z.object({ user: z.string(), ts: z.string() }).optional(),
});
export type Message = z.infer<typeof Message>;

export const History = z.object({ messages: z.array(Message) });
export type History = z.infer<typeof History>;

/** What a person wrote before anything happened: a bot may not change it. */
export const human: Message = {
  type: 'message',
  channel: 'C0INCIDENTS',
  ts: '1764000000.000100',
  user: 'U0ALICE',
  text: 'Handover: nothing open.',
};
