/** The alerts of one seed as Alertmanager posts them: in groups, repeated, cut short, late and in any order. */

import type { createIntake } from '../../../client/intake/app.ts';
import type { Alert } from '../../../workflows/contract/index.ts';
import { minutes, threeAtNight } from '../rehearsing.ts';
import type { Faults } from './faults.ts';

export type Intake = typeof createIntake;

/** One alert as a body showed it, and when that was delivered (milliseconds). */
export interface Shown {
  at: number;
  fingerprint: string;
  status: 'firing' | 'resolved';
  /** RFC 3339. */
  startsAt: string;
}

/** What the incident is told, and what was really said. */
export interface Delivered {
  told: { at: number; alert: Alert }[];
  shown: Shown[];
}

/** A time in which an alert fires, in minutes. */
interface Firing {
  fingerprint: string;
  alertname: string;
  from: number;
  to: number;
}

/** Each alert ends some day, else the incident rightly stays open. */
function firings(faults: Faults): Firing[] {
  const dynex = { fingerprint: 'f00d', alertname: 'DynexHealthCheckFailed' };
  const end = faults.happens('alert resolves', 0.7) ? 1 + faults.stream('alert resolves').below(60) : 240;
  const all: Firing[] = [{ ...dynex, from: 0, to: end }];
  if (faults.happens('second alert', 0.7))
    all.push({
      fingerprint: 'beef',
      alertname: 'QuantumServiceUnavailable',
      from: 0.3,
      to: 1 + faults.stream('second alert').below(90),
    });
  if (!faults.happens('alert flaps', 0.7)) return all;
  const { below } = faults.stream('alert flaps');
  for (let times = 1 + below(3), to = end; times > 0; times -= 1) {
    const from = to + 1 + below(70);
    to = from + 1 + below(30);
    all.push({ ...dynex, from, to });
  }
  return all;
}

/** What the group holds at this minute: what fires, and what has just ended. */
const groupAt = (all: Firing[], minute: number) =>
  all.filter(({ from, to }) => from <= minute && minute <= to).map(one => posted(one, minute));

const posted = ({ fingerprint, alertname, from, to }: Firing, minute: number) => ({
  status: to <= minute ? ('resolved' as const) : ('firing' as const),
  labels: { alertname, runbook: 'dynex-outage', severity: 'critical', priority: 'P1', cluster: 'simulated' },
  annotations: { summary: 'No probe reaches Dynex' },
  startsAt: time(from),
  endsAt: to <= minute ? time(to) : '0001-01-01T00:00:00Z',
  fingerprint,
});

const time = (minute: number) => new Date(threeAtNight + minutes(minute)).toISOString();

type Posted = ReturnType<typeof posted>;

/** Alertmanager says `resolved` of a group of which everything that it shows has ended; what it leaves out may still fire. */
const bodyOf = (shown: Posted[], truncatedAlerts: number) => ({
  version: '4',
  groupKey: '{}:{runbook="dynex-outage"}',
  receiver: 'runbooks',
  status: shown.every(({ status }) => status === 'resolved') ? 'resolved' : 'firing',
  truncatedAlerts,
  alerts: shown,
});

/** Everything goes through the intake: two of them, as a pair of Alertmanagers may be given. */
export async function delivered(createIntake: Intake, faults: Faults): Promise<Delivered> {
  const told: Delivered['told'] = [];
  const clock = { now: threeAtNight };
  const intakes = [0, 1].map(() => createIntake(intakeBeside(told, clock)));
  const all = firings(faults);
  const moments = [...new Set(all.flatMap(({ from, to }) => [from, to]))];
  const posts = [...moments.map(minute => postAt(all, minute, faults)), lastPost(all)].sort((one, other) => one.at - other.at);
  for (const { at, body } of posts) {
    clock.now = at;
    const twice = faults.happens('duplicate alert', 0.5);
    for (const intake of twice ? intakes : intakes.slice(0, 1)) await post(intake, body);
  }
  return { told, shown: posts.flatMap(({ at, body }) => body.alerts.map(alert => ({ at, ...alert }))) };
}

/** One post: perhaps late, and perhaps cut short. */
function postAt(all: Firing[], minute: number, faults: Faults) {
  const group = groupAt(all, minute);
  const late = minute > 0 && faults.happens('late alert', 0.3) ? faults.stream('late alert').below(15) : 0;
  const isCut = group.length > 1 && faults.happens('truncated group', 0.8);
  const shown = isCut ? [faults.stream('truncated group').pick(group)] : group;
  return { at: threeAtNight + minutes(minute + late), body: bodyOf(shown, group.length - shown.length) };
}

/** In the end nothing is left out. */
const lastPost = (all: Firing[]) => ({
  at: threeAtNight + minutes(Math.max(...all.map(({ to }) => to)) + 60),
  body: bodyOf(
    all.map(one => posted(one, one.to)),
    0,
  ),
});

const token = 'known to both';
const opened = { incident: 'simulated', workflowId: 'incident:dynex-outage:simulated' };

/** With a Temporal that only notes what the incident is told. */
function intakeBeside(told: Delivered['told'], clock: { now: number }): Parameters<Intake>[0] {
  const note = (alert: Alert) => told.push({ at: clock.now, alert });
  return {
    token,
    platform: { cluster: 'simulated' } as Parameters<Intake>[0]['platform'],
    temporal: {
      ready: async () => undefined,
      resolve: async (_, alert) => note(alert) > 0,
      openOrJoin: async (_, { alert }) => ({ ...opened, result: note(alert) > 1 ? 'joined' : 'opened' }),
    },
    store: { save: async () => 'digest' },
    now: () => clock.now,
    say: () => undefined,
  };
}

async function post(intake: ReturnType<Intake>, body: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await intake.request('/alertmanager', { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status !== 200) throw new Error(`the intake answered ${answer.status}: ${await answer.text()}`);
}
