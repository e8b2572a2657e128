/** The alerts of one seed as Alertmanager posts them: in groups, repeated, cut short, late and in any order. */

import type { createIntake } from '../../../client/intake/app.ts';
import type { Alert } from '../../../workflows/contract/index.ts';
import { minutes, threeAtNight } from '../rehearsing.ts';
import type { Faults } from './faults.ts';
import { type Firing, firings } from './firings.ts';

const here = 'simulated';

export type Intake = typeof createIntake;

/** One alert as a body showed it, and when that was delivered (milliseconds). */
export interface Shown {
  at: number;
  fingerprint: string;
  status: 'firing' | 'resolved';
  /** RFC 3339. */
  startsAt: string;
  endsAt?: string;
}

/** What the incident is told, and what was really said. */
export interface Delivered {
  told: { at: number; alert: Alert }[];
  shown: Shown[];
}

/** What the group holds at this minute: what fires, and what has just ended. */
const groupAt = (all: Firing[], minute: number) =>
  all.filter(({ from, to }) => from <= minute && minute <= to).map(one => posted(one, minute));

const posted = ({ fingerprint, alertname, from, to, cluster = here }: Firing, minute: number) => ({
  status: to <= minute ? ('resolved' as const) : ('firing' as const),
  labels: { alertname, runbook: 'dynex-outage', severity: 'critical', priority: 'P1', cluster },
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
  const ours = all.filter(({ cluster }) => cluster === undefined);
  const posts = [...moments.map(minute => postAt(all, minute, faults)), ...belated(ours, faults), lastPost(ours)].sort(
    (one, other) => one.at - other.at,
  );
  const shown: Shown[] = [];
  for (const { at, body } of posts) {
    clock.now = at;
    const twice = faults.happens('duplicate alert', 0.5);
    for (const intake of twice ? intakes : intakes.slice(0, 1)) {
      await post(intake, body);
      shown.push(...body.alerts.filter(({ labels }) => labels.cluster === here).map(alert => ({ at, ...alert })));
    }
  }
  return { told, shown };
}

/** One post: perhaps late, and perhaps cut short. */
function postAt(all: Firing[], minute: number, faults: Faults) {
  const group = groupAt(all, minute);
  const late = minute > 0 && faults.happens('late alert', 0.3) ? faults.stream('late alert').below(15) : 0;
  const isCut = group.length > 1 && faults.happens('truncated group', 0.8);
  const shown = isCut ? [faults.stream('truncated group').pick(group)] : group;
  return { at: threeAtNight + minutes(Math.max(0, minute) + late), body: bodyOf(shown, group.length - shown.length) };
}

/** What a sender says of an earlier time: the end of one that has begun again, or the beginning of one that has ended. */
function belated(all: Firing[], faults: Faults) {
  return all.flatMap(one => {
    const { fingerprint, to } = one;
    const next = all.find(other => other.fingerprint === fingerprint && other.from > to);
    const said = (minute: number, as: number) => ({ at: threeAtNight + minutes(minute), body: bodyOf([posted(one, as)], 0) });
    const { below } = faults.stream('stale alert');
    return [
      ...(next && faults.happens('stale alert', 0.9) ? [said(next.from + 1 + below(next.to - next.from), to)] : []),
      ...(faults.happens('same alert again', 0.6) ? [said(to + 1 + faults.stream('same alert again').below(20), one.from)] : []),
    ];
  });
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
  const note = (alert: Alert) => (alert.labels['cluster'] === here ? told.push({ at: clock.now, alert }) : 1);
  return {
    tokens: { '/alertmanager': [token], '/grafana': [], '/alerts': [] },
    platform: { cluster: here, workloads: {} } as Parameters<Intake>[0]['platform'],
    temporal: {
      ready: async () => undefined,
      notice: async () => undefined,
      proveDetection: async () => undefined,
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
