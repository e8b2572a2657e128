/** An intake while Temporal is away, with a pager that remembers what it was told. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAll } from '../../../activities/connectors/index.ts';
import type { OnCall } from '../../../activities/people.ts';
import { TemporalUnreachable } from '../../../client/errors.ts';
import { pagingOutage } from '../../../client/intake/outage.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../../lab/stand-ins/pagerduty/rest.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { nqba } from '../../support/nqba.ts';
import { intake } from './edge.ts';

const platform = await nqba();
export const key = `temporal-unreachable:${platform.cluster}/PAGERDUTY_ROUTING_KEY`;

interface Set {
  away: boolean;
  now: number;
  pager: State;
}

/** A fifth as long: a pager that is not waited for at all would never answer in time. */
const waited = async (ms: number, signal?: AbortSignal) => {
  await pause(ms, undefined, { ...(signal && { signal }) });
};

/** An intake whose Temporal can be away, and a second process of it with the same artifact store. The routing key GONE is refused. */
export function around() {
  const set: Set = { away: true, now: Date.parse('2026-11-24T02:16:20Z'), pager: 'healthy' };
  const messages: Message[] = [];
  const said: string[] = [];
  const vendor = pagerduty(
    surroundings({ now: () => set.now, state: () => set.pager, record: message => messages.push(message) }),
  );
  const clock = { now: () => set.now, sleep: (ms: number, signal?: AbortSignal) => waited(ms / 5, signal) };
  const folder = mkdtempSync(join(tmpdir(), 'nqba-outage-'));
  const started = (onCall?: OnCall) => {
    const rest = { url: 'http://pagerduty', token: 'practice' };
    const config = {
      url: 'http://pagerduty',
      routingKeys: (name: string) => (name === 'GONE' ? '0' : 'a').repeat(32),
      rest,
      fetch: vendor.fetch,
    };
    const systems = connectAll({ artifacts: { folder }, pagerduty: config }, clock);
    const gone = () => (set.away ? Promise.reject(new TemporalUnreachable('Temporal gave no answer')) : Promise.resolve());
    const temporal = {
      openOrJoin: async () => {
        await gone();
        return { result: 'opened', incident: 'dynex-outage-20261124-k7fp', workflowId: 'incident:dynex-outage:x' } as const;
      },
      resolve: async () => true,
      ready: gone,
      notice: gone,
      proveDetection: gone,
    };
    const rota = onCall && (async () => ({ onCall }));
    const given = { platform: onCall ? { ...platform, roles: {} } : platform, systems, ...clock, ...(rota && { rota }) };
    const outage = pagingOutage(given, line => said.push(line), gone);
    return { ...intake({ temporal, outage }), outage };
  };
  const told = () => messages.map(({ key, text }) => [key, text.split(':')[0]]);
  const acknowledge = async () => {
    const headers = { authorization: 'Token token=ann', 'content-type': 'application/json', From: 'ann@nqba.example' };
    const body = JSON.stringify({ incident: { type: 'incident_reference', status: 'acknowledged' } });
    const answer = await vendor.request(`/incidents/${idOf(key)}`, { method: 'PUT', headers, body });
    assert.equal(answer.status, 200);
  };
  return { set, started, told, said, messages, acknowledge };
}
