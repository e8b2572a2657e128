/** An incident's own channel in Slack: made once, and archived at the end. What Slack refuses of it is said, and keeps no message back. */

import { z } from 'zod';
import type { Role } from '../../workflows/contract/index.ts';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';
import type { Slack } from '../connectors/slack.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { policyFor } from '../failures.ts';
import { isWithin } from '../hours.ts';
import { plain } from '../messages/plain.ts';
import { faultOf } from '../paged.ts';
import { nobody } from '../people.ts';

/** `roles`: whose subject it is; the escalation is invited anyhow. */
export interface ChannelInput {
  private?: boolean;
  roles?: Role[];
}

const ladder: Role[] = ['primary', 'secondary', 'escalation', 'commander'];

const record = z.object({
  id: z.string(),
  name: z.string(),
  topic: z.string(),
  /** Member IDs. */
  invited: z.array(z.string()),
});
export type OwnChannel = z.infer<typeof record>;

const recordOf = (incident: string) => `channel/${sha256(incident)}`;

/** Throws SystemError. */
async function known(artifacts: Artifacts, incident: string): Promise<OwnChannel | undefined> {
  return record.safeParse(jsonOf((await artifacts.read(recordOf(incident))) ?? '')).data;
}

/** A store that cannot be written keeps no channel from being made: Slack knows its name. */
const keep = (artifacts: Artifacts, incident: string, channel: OwnChannel) =>
  artifacts.write(recordOf(incident), JSON.stringify(channel)).catch(() => undefined);

/** The channel, or why there is none. Twice equals once: its id is kept, and its name is a function of the incident. */
export async function openChannel(
  artifacts: Artifacts,
  slack: Slack,
  incident: string,
  wanted: { name: string; isPrivate: boolean },
): Promise<OwnChannel | SystemError> {
  const before = await known(artifacts, incident).catch(() => undefined);
  if (before) return before;
  try {
    const { id, topic } = await slack.openChannel(wanted);
    const channel = { id, name: wanted.name, topic, invited: [] };
    await keep(artifacts, incident, channel);
    return channel;
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}

/** The result for people, and the fault that another try may get over. */
export interface Furnished {
  note: string;
  again?: SystemError | undefined;
}

/** Sets its topic and invites who is on call now; what was done before is not done again. */
export async function furnish(
  deps: Deps,
  slack: Slack,
  incident: string,
  channel: OwnChannel,
  wanted: { topic: string; roles: Role[] },
): Promise<Furnished> {
  const { people, note } = await onCallNow(deps, [...ladder, ...wanted.roles]);
  const { topic } = wanted;
  const [topicFault, invited] = await Promise.all([
    channel.topic === topic ? undefined : faultOf(slack.setTopic(channel.id, topic)),
    Promise.all(people.map(person => invite(slack, channel, person))),
  ]);
  await keep(deps.systems.artifacts, incident, {
    ...channel,
    topic: topicFault ? channel.topic : topic,
    invited: [...new Set([...channel.invited, ...invited.flatMap(({ fault, user }) => (fault || !user ? [] : user))])],
  });
  const told = topicFault && `Its topic is not set: ${topicFault.message}.`;
  const said = [`Its channel is #${channel.name}.`, told, ...whoIsIn(invited), note];
  return {
    note: plain(said.filter(Boolean).join(' '), 700),
    again: passing([topicFault, ...invited.map(({ fault }) => fault)]),
  };
}

/** That there is none, and why. */
export const unmade = (name: string, fault: SystemError): Furnished => ({
  note: `The channel #${name} is not made: ${fault.message}.`,
  again: passing([fault]),
});

/** The first that another try may get over. */
const passing = (faults: (SystemError | undefined)[]) => faults.find(fault => fault && policyFor(fault).again);

interface Person {
  name: string;
  /** Member ID; without it no one can be invited. */
  user?: string | undefined;
}

interface Invited extends Person {
  fault?: SystemError | undefined;
}

async function invite(slack: Slack, channel: OwnChannel, { name, user }: Person): Promise<Invited> {
  const isToInvite = user !== undefined && !channel.invited.includes(user);
  return { name, user, fault: isToInvite ? await faultOf(slack.invite(channel.id, user)) : undefined };
}

/** Those who have one of the roles and may be reached at this hour. */
async function onCallNow({ rota, now }: Deps, roles: Role[]): Promise<{ people: Person[]; note: string | undefined }> {
  const { onCall, note } = (await rota?.()) ?? { onCall: nobody };
  const names = new Set(roles.flatMap(role => onCall.roles[role] ?? []));
  const people = [...names].flatMap(name => {
    const { slack: user, hours } = onCall.people[name] ?? {};
    return !hours || isWithin(hours, new Date(now())) ? [{ name, user }] : [];
  });
  return { people, note };
}

function whoIsIn(invited: Invited[]): string[] {
  const isIn = invited.filter(({ user, fault }) => user && !fault);
  const without = invited.filter(({ user }) => !user);
  const refused = Map.groupBy(
    invited.filter(({ fault }) => fault),
    ({ fault }) => fault?.message ?? '',
  );
  const lines: [string, Person[]][] = [['has no member ID in roles.json', without], ...refused];
  const named = (people: Person[]) => people.map(({ name }) => name).join(', ');
  const out = lines.flatMap(([because, people]) => (people.length > 0 ? [`Not invited: ${named(people)} (${because}).`] : []));
  return [isIn.length > 0 ? `Invited: ${named(isIn)}.` : 'No one is invited.', ...out];
}

/** Archived, as the incident is over; why it stays open is said. Throws SystemError where another try may archive it. */
export async function closeChannel({ systems: { slack, artifacts } }: Deps, incident: string): Promise<string> {
  const channel = slack && (await known(artifacts, incident));
  if (!channel) return '';
  const fault = await faultOf(slack.archive(channel.id));
  if (fault && policyFor(fault).again) throw fault;
  return fault ? `#${channel.name} is not archived: ${fault.message}.` : `#${channel.name} is archived.`;
}
