/** The recipients of pages: the people that each role reaches, their order, and the hours without anyone. */

import { gapsIn, type Shift, shiftsFrom } from '../../activities/hours.ts';
import { lackOf, type Recipient, recipientsOf, type Way, whyNobody, working } from '../../activities/reaching.ts';
import { rolesOf } from '../../activities/platform.ts';
import { dayAndTime } from '../../activities/time-zone.ts';
import type { Role } from '../../workflows/contract/vocabulary.ts';
import { fault, fine, type Line } from './line.ts';
import type { Sight } from './sight.ts';

type Seen = Pick<Sight, 'platform' | 'onCall' | 'systems'>;

const fix = 'Set what is missing, or describe in roles.json, or in roles of the platform description, who has the role.';
const days = 7;

/** @param now milliseconds since 1970; a week from then is looked at */
export function pagingLines(seen: Seen, now: number): Line[] {
  const roles = rolesOf(seen.platform);
  const told = roles.map(role => ({ role, ...toldOf(seen, role, new Date(now)) }));
  const lines = [...Map.groupBy(told, ({ text }) => text)].map(([text, group]) => {
    const line = `${group.map(({ role }) => role).join(', ')}: ${text}.`;
    return group.every(({ ok }) => ok) ? fine('Paging', line) : fault('Paging', line, fix);
  });
  const nobody = whyNobody(seen.systems, recipientsOf(seen.platform, seen.onCall, 'primary'));
  const faulty = [...new Set(roles.flatMap(role => lackingOf(seen, role)))].map(text => fault('Paging', text, fix));
  if (!nobody) return [...lines, ...faulty];
  const worst = fault('Paging', `No one can be paged: no incident wakes anyone, as ${nobody}.`, fix);
  return [worst, ...lines.filter(({ ok }) => ok), ...faulty];
}

/** The people that a role reaches, and the hours without anyone. */
function toldOf({ platform, onCall, systems }: Seen, role: Role, now: Date): { ok: boolean; text: string } {
  const recipients = recipientsOf(platform, onCall, role);
  if (recipients.every(({ ways }) => ways.length === 0))
    return { ok: true, text: handed[Object.hasOwn(platform.roles, role) ? 'described' : 'absent'] };
  const why = whyNobody(systems, recipients);
  if (why) return { ok: false, text: `no one, ${why}` };
  const reached = working(systems, recipients);
  const gaps = gapsOf(reached, now);
  const who = reached.map(named).join(', then ');
  return gaps.length === 0
    ? { ok: true, text: who }
    : { ok: false, text: `${who}; no one ${whenOf(gaps, platform.timeZone, now)}` };
}

const handed = {
  described: 'informed by hand, as the platform description says',
  absent: 'informed by hand, as the platform description does not have them',
};

const named = ({ person, ways }: Recipient) =>
  person === undefined ? ways.map(addressed).join() : `${person} (${ways.map(addressed).join('; ')})`;

const addressed = ({ by, to }: Way) => ({ pagerduty: `PagerDuty, by ${to}`, webhook: `webhook, by ${to}`, mail: 'mail' })[by];

function gapsOf(recipients: Recipient[], from: Date): Shift[] {
  const to = new Date(from.getTime() + days * 86_400_000);
  const shifts = recipients.flatMap(({ hours }) => (hours ? shiftsFrom(hours, from, days) : [{ from, to }]));
  return gapsIn(shifts, { from, to });
}

/** At most three of them: `now, until Mon 08:00, and Sat 10:00 to Mon 08:00 (Europe/Berlin)`. */
function whenOf(gaps: Shift[], timeZone: string, now: Date): string {
  const at = (time: Date) => dayAndTime(timeZone, time);
  const told = gaps.map(({ from, to }) => (from > now ? `${at(from)} to ${at(to)}` : `now, until ${at(to)}`));
  const more = told.length > 3 ? `, and ${told.length - 3} more within a week` : '';
  return `${told.slice(0, 3).join(', ')}${more} (${timeZone})`;
}

/** Addresses of people that do not work. */
const lackingOf = ({ platform, onCall, systems }: Seen, role: Role): string[] =>
  recipientsOf(platform, onCall, role).flatMap(({ person, ways }) =>
    ways.flatMap(way => {
      const lack = person !== undefined && lackOf(systems, way);
      return lack ? [`${person} is not reached by ${way.by}: ${lack}.`] : [];
    }),
  );
