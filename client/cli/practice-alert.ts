/** An alert as Alertmanager posts it, for the practice platform: what opens a runbook can be tried before there is a rule. */

import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { printed } from '../../activities/connectors/address.ts';
import { value } from '../environment.ts';
import { Failed, NotFound, Refused } from '../errors.ts';
import type { Desk } from './desk.ts';
import { cut, line } from './text.ts';

export type Labels = Record<string, string>;

/** Milliseconds that the intake may take: it answers when Temporal has the alert. */
const within = 10_000;

const answer = z.looseObject({
  alerts: z.array(z.looseObject({ result: z.string(), incident: z.string().optional(), reason: z.string() })),
});

export function labelled(text: string, before: Labels): Labels {
  const [, name, content] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || content === undefined) throw new InvalidArgumentError('Give a label as name=value.');
  return { ...before, [name]: content };
}

/** Without a fingerprint: the intake makes one of the labels, so that the end is that of the same alert. */
const bodyOf = (labels: Labels, status: 'firing' | 'resolved', now: string) => ({
  version: '4',
  alerts: [
    {
      status,
      labels,
      annotations: { summary: labels['summary'] ?? labels['alertname'] },
      startsAt: now,
      ...(status === 'resolved' && { endsAt: now }),
    },
  ],
});

export async function sendAlert(desk: Desk, labels: Labels, status: 'firing' | 'resolved') {
  const address = value(desk.environment, 'INTAKE_URL');
  const token = value(desk.environment, 'INTAKE_TOKEN');
  if (!address || !value(desk.environment, 'STANDINS_CONTROL'))
    throw new NotFound('The practice platform is not running. Start it with: npm start -- --quiet');
  const body = bodyOf({ cluster: desk.platform().cluster, ...labels }, status, new Date(desk.now()).toISOString());
  const init = {
    method: 'POST',
    signal: AbortSignal.timeout(within),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
    body: JSON.stringify(body),
  };
  const response = await fetch(address, init).catch((error: unknown) => {
    throw new Failed(`The intake gives no answer at ${printed(address)}. Start it with: npm start`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Refused(`The intake answered ${response.status}: ${cut(text, 1_000)}`);
  const { alerts } = answer.parse(JSON.parse(text));
  desk.out(
    alerts.map(({ result, incident, reason }) => line`${result}${incident === undefined ? '' : ` ${incident}`}: ${reason}`),
  );
}
