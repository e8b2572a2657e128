/** Mail to customers: a real SMTP server, the stand-in of the platform's own API, and a person who approves. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { type Connections, connectAll } from '../../activities/connectors/index.ts';
import type { Fetch } from '../../activities/connectors/http.ts';
import { connectMail } from '../../activities/connectors/mail.ts';
import type { Deps } from '../../activities/deps.ts';
import { freeze } from '../../activities/engine/frozen-list.ts';
import { createActivities } from '../../activities/index.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { type Refusal, serveMail } from '../../lab/stand-ins/mail.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { slack } from '../../lab/stand-ins/slack.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customers, customersOn } from '../../lab/world/customers.ts';
import type { State } from '../../lab/world/systems.ts';
import type { World } from '../../lab/world.ts';
import type { Call } from '../../workflows/contract/index.ts';
import { aPlatform, running, virtualClock } from './bare.ts';
import { fetchOf, pod } from './kubernetes/cluster-of.ts';
import { planned } from './outcomes.ts';

export const noon = Date.parse('2026-03-02T12:00:00Z');
const usersPage = z.object({ users: z.array(z.looseObject({ id: z.string(), email: z.string() })), total: z.number() });
export type Users = z.infer<typeof usersPage>;

interface Given {
  hold?: object;
  /** Users of another platform, in the answers of the practice platform. */
  users?: (page: Users) => Users;
  /** Of the platform's own API. */
  token?: string;
  atReader?: (address: string) => Refusal | undefined;
  atEnd?: () => 'takes' | 'refuses' | 'cut';
  folder?: string;
  at?: number;
  mailboxes?: string[];
  /** Pods, and what was wrong when. */
  world?: Partial<World>;
  /** The workflow that writes, as its type; its recovery is measured. */
  workflow?: string;
  pace?: number;
  /** Beside the platform's own. */
  connections?: Partial<Connections>;
}

/** As the check of quotas freezes them. */
export const near = (...numbers: number[]) =>
  numbers.map(number => ({ customer: `customer-${number}`, of: 'jobs_per_month', used: 95 + number, allowed: 100 }));

export const call = (incident = 'run-1', more: Partial<Call> = {}): Call => ({ key: `${incident}/Notify Customers/1`, ...more });

export async function mailing(t: TestContext, given: Given = {}) {
  const { hold = { 'mode.dynex-outage': 'supervised' }, users = page => page, atReader, atEnd, at = noon } = given;
  const folder = given.folder ?? mkdtempSync(join(tmpdir(), 'nqba-mail-'));
  const clock = virtualClock(at);
  const messages: Message[] = [];
  const states: { mail: State } = { mail: 'healthy' };
  const around = surroundings({ ...clock, state: () => states.mail, record: message => messages.push(message) });
  const mailboxes = given.mailboxes ?? [...customers.map(({ email }) => email), 'synthetic@nqba.example'];
  const server = await serveMail(around, { mailboxes, atReader, atEnd });
  t.after(server.close);
  const world = customersOn({ read: (_, otherwise) => otherwise, write: () => {} }, noon, {});
  const platform = (): World => ({ pods: [], systems: [], api: [], customers: world, ...given.world });
  const api = nqbaApi(surroundings(clock), platform);
  const fetch = async (request: Request) => {
    const answer = await api.fetch(request);
    if (!answer.ok || !request.url.includes('/api/v1/users')) return answer;
    return Response.json(users(usersPage.parse(await answer.json())));
  };
  const operatorApi = { url: 'http://api', token: given.token ?? tokens.operator, fetch };
  const posts: Message[] = [];
  const channel = slack(surroundings({ ...clock, record: message => posts.push(message) })).fetch;
  const ours = { url: 'http://slack/api/', token: 'xoxb-test', fetch: channel };
  const hub = { url: 'http://api', podUrl: 'http://api/pods/{name}', fetch };
  const measures = { url: 'http://prometheus', fetch: prometheus(surroundings(clock), platform).fetch };
  const measured = given.world && { api: hub, prometheus: measures };
  const others = connectAll(
    {
      artifacts: { folder },
      kubernetes: { fetch: clusterOf(hold, given.world) },
      operatorApi,
      slack: ours,
      ...measured,
      ...given.connections,
    },
    clock,
  );
  // A real connection takes real time.
  const patient = (_: number, signal?: AbortSignal) => pause(5_000, undefined, { ...(signal && { signal }), ref: false });
  const mail = connectMail({ url: server.url, from: 'help@nqba.example' }, { sleep: patient });
  const { workflow: workflowType = running().workflowType, pace = aPlatform.times.pace } = given;
  const deps: Deps = {
    platform: { ...aPlatform, times: { ...aPlatform.times, pace } },
    systems: { ...others, mail },
    ...clock,
    running: () => ({ ...running(), workflowType }),
  };
  const activities = createActivities(deps);
  return {
    tell: activities.comms.tellCustomers,
    activities,
    deps,
    /** As another client reads it. */
    api: async (path: string): Promise<unknown> => (await api.request(path)).json(),
    messages,
    /** In Slack. */
    posts,
    states,
    folder,
    readers: () => messages.map(({ to }) => to),
    frozen: (items: object[]) => freeze(others.artifacts, 'customers near their quota', items),
    nearQuota: async (...numbers: number[]) =>
      ({ text: 'limit-near', list: await freeze(others.artifacts, 'customers near their quota', near(...numbers)) }) as const,
  };
}

/** Its pods, and the hold. */
function clusterOf(hold: object, { pods = [] }: Partial<World> = {}): Fetch {
  const cluster = fetchOf({ pods: pods.map(({ pod: name }) => pod(name)) });
  return async request =>
    request.url.includes('/configmaps/') ? Response.json({ metadata: { name: 'nqba-runbooks' }, data: hold }) : cluster(request);
}

export type Mailing = Awaited<ReturnType<typeof mailing>>;
type Input = Parameters<Mailing['tell']>[0];

/** As a person approves the plan that is shown. */
export async function approved({ tell }: Mailing, input: Input, incident = 'run-1') {
  const { digest } = planned(await tell(input, call(incident)));
  return tell(input, call(incident, { approved: digest }));
}
