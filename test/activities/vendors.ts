/** What people receive, from stand-ins that refuse what the vendors refuse; and the world that public texts make claims about. */

import { z } from 'zod';
import { dynex } from '../../lab/stand-ins/dynex.ts';
import { pagerduty } from '../../lab/stand-ins/pagerduty.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { slack } from '../../lab/stand-ins/slack.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import { statuspage } from '../../lab/stand-ins/statuspage.ts';
import type { State } from '../../lab/world/systems.ts';
import type { World } from '../../lab/world.ts';
import type { Fetch } from '../../activities/connectors/http.ts';
import { recordName, recordOf } from '../../activities/engine/holders.ts';
import { activitiesWith, aPlatform, virtualClock } from './bare.ts';
import { workloadAnswer } from './cluster-answers.ts';

const { fallback } = aPlatform.quantum;

/** The circuit breaker of one incident, as it stands on the ConfigMap. */
export function openedBy(incident: string) {
  const key = `${incident}/Activate Circuit Breaker/1`;
  const before = Object.fromEntries(Object.keys(fallback).map(field => [field, null]));
  const annotations = { [recordName(key)]: recordOf({ action: 'setFallback', key, before, set: fallback }) };
  return { metadata: { name: 'nqba-config', annotations }, data: fallback };
}

/** Every workload runs its jobs on one solver, whatever the setting says. */
export const running = (solver: 'dynex' | 'classical'): World['pods'] =>
  ['w-1', 'w-2', 'b-1'].map(pod => ({
    pod,
    uid: pod,
    workload: pod.startsWith('w') ? ('worker' as const) : ('batch' as const),
    solver,
    fallback: solver === 'classical',
    since: 0,
  }));

type Between = (request: Request, fetch: Fetch) => Response | Promise<Response>;

/** Objects with their ids, one or many. */
const shown = z.preprocess(answer => [answer].flat(), z.array(z.looseObject({ id: z.string() })));

/** Until a test changes it: Dynex works, nothing is held, and the breaker is closed. */
export function vendors(atFirst: object = { 'mode.dynex-outage': 'supervised' }) {
  let hold = atFirst;
  let between: Between = (request, fetch) => fetch(request);
  const messages: Message[] = [];
  const states: Record<string, State> = {};
  const closed = { metadata: { name: 'nqba-config' }, data: {} };
  const world: { pods: World['pods']; config: object } = { pods: running('dynex'), config: closed };
  const clock = virtualClock();
  const around = (system: string) =>
    surroundings({ ...clock, state: () => states[system] ?? 'healthy', record: message => void messages.push(message) });
  const objects = (url: string) => {
    const ofWorkload = workloadAnswer(url, world.pods);
    if (ofWorkload) return ofWorkload;
    if (url.includes('nqba-config')) return world.config;
    if (url.includes('secrets'))
      return { metadata: { name: 'nqba-secrets' }, data: { 'dynex-api-key': Buffer.from('dnx_key').toString('base64') } };
    return { metadata: { name: 'nqba-runbooks' }, data: hold };
  };
  const publicPage = statuspage(around('statuspage')).fetch;
  const activities = activitiesWith(
    {
      kubernetes: { fetch: ({ url }) => Response.json(objects(url)) },
      prometheus: {
        url: 'http://prometheus',
        fetch: prometheus(around('prometheus'), () => ({ pods: world.pods, systems: [] })).fetch,
      },
      dynex: { url: 'http://dynex', fetch: dynex(around('dynex')).fetch },
      slack: { url: 'http://slack/api/', token: 'xoxb-test', fetch: slack(around('slack')).fetch },
      pagerduty: {
        url: 'http://pagerduty',
        routingKeys: () => '0123456789abcdef0123456789abcdef',
        fetch: pagerduty(around('pagerduty')).fetch,
      },
      statuspage: { url: 'http://statuspage/v1', key: 'key', page: 'nqba', fetch: request => between(request, publicPage) },
    },
    clock,
  );
  return {
    ...activities,
    states,
    clock,
    world,
    messages,
    texts: () => messages.map(({ system, text }) => `${system}: ${text}`),
    hold: (data: object) => void (hold = data),
    /** What stands between us and the public page. */
    through: (other: Between) => void (between = other),
    /** As a person at the public page. */
    async page(method: string, path: string, body?: object) {
      const headers = { authorization: 'OAuth person', 'content-type': 'application/json' };
      const url = `http://statuspage/v1/pages/nqba${path}`;
      const answer = await publicPage(new Request(url, { method, headers, ...(body && { body: JSON.stringify(body) }) }));
      return shown.parse(await answer.json());
    },
  };
}
