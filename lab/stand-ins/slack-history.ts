/** The channels of the practice workspace, and messages as Slack keeps them. */

import { z } from 'zod';

const Channel = z.object({
  id: z.string(),
  name: z.string(),
  is_private: z.boolean(),
  /** Whether our bot has been invited. */
  is_member: z.boolean(),
  is_archived: z.boolean(),
  topic: z.object({ value: z.string() }),
  members: z.array(z.string()),
});
export type Channel = z.infer<typeof Channel>;

export const bot = { user: 'U0RUNBOOKS', bot_id: 'B0RUNBOOKS' };

/** Those who may be invited. */
export const users: readonly string[] = ['U0ALICE', 'U0BOB', 'U0CARLA'];

const open = (id: string, name: string): Channel => ({
  id,
  name,
  is_private: false,
  is_member: true,
  is_archived: false,
  topic: { value: '' },
  members: ['U0ALICE', bot.user],
});

const channels: Channel[] = [
  open('C0INCIDENTS', 'nqba-incidents'),
  open('C0CRITICAL', 'alerts-critical'),
  open('C0WARNING', 'alerts-warning'),
  open('C0SECURITY', 'nqba-security-emergency'),
  { ...open('C0FINANCE', 'finance'), is_member: false, members: ['U0CARLA'] },
  { ...open('C0OLDOPS', 'ops-2024'), is_archived: true },
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

/** What a person wrote before anything happened: a bot may not change it. */
const human: Message = {
  type: 'message',
  channel: 'C0INCIDENTS',
  ts: '1764000000.000100',
  user: 'U0ALICE',
  text: 'Handover: nothing open.',
};

export const Workspace = z.object({
  channels: z.array(Channel).default(() => structuredClone(channels)),
  messages: z.array(Message),
});
export type Workspace = z.infer<typeof Workspace>;

/** As it is before anything has happened. */
export const beginning = (): Workspace => structuredClone({ channels, messages: [human] });
