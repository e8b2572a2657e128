/** Ten thousand alerts of five hundred incidents. */

import type { Row } from '../row.ts';
import { fingerprints, incidents } from './histories.ts';
import { deliver, firing, group, inParallel } from './senders.ts';
import type { Stage } from './stage.ts';
import { trialAlert } from './trials.ts';

export const trials = 500;
const alerts = 10_000;
const inABody = 100;

export async function many({ url, temporal: { client } }: Stage): Promise<Row[]> {
  const all = Array.from({ length: alerts }, (_, index) =>
    firing(`many-${index}`, { alertname: trialAlert(1 + (index % trials)), pod: `${index}` }),
  );
  const bodies = Array.from({ length: alerts / inABody }, (_, index) => group(all.slice(index * inABody, (index + 1) * inABody)));
  await inParallel(bodies, 4, body => deliver(url, body));
  const opened = (await incidents(client)).filter(id => id.startsWith('incident:trial-'));
  const held = await fingerprints(client, opened);
  return [
    {
      what: '10,000 alerts of 500 incidents: incidents',
      value: opened.length,
      goal: trials,
      bound: 'exactly',
      unit: 'things',
      promise: true,
    },
    {
      what: '… alerts lost',
      value: all.filter(one => !held.has(one.fingerprint)).length,
      goal: 0,
      unit: 'things',
      promise: true,
    },
  ];
}
