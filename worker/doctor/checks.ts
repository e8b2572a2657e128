/** The checks that incidents trust, asked once: do their addresses answer, and when were they last healthy here? */

import type { Finding } from '../../workflows/contract/index.ts';
import { createActivities } from '../../activities/index.ts';
import { seenHealthy } from '../../activities/seen.ts';
import { fault, fine, type Line, looked } from './line.ts';
import type { Sight } from './sight.ts';

interface Check {
  name: string;
  /** The section that it belongs to. */
  of?: 'quantum';
  /** The variable that connects it. */
  variable: string;
  /** Empty where it is not connected. */
  address: string | undefined;
  look: () => Promise<Finding>;
  /** Under which names and addresses the activities remember it. */
  remembered: { check: string; address: string }[];
}

export async function checkLines(sight: Sight): Promise<Line[]> {
  const checks = checksOf(sight).filter(({ of }) => of !== 'quantum' || sight.platform.quantum);
  const lines = checks.map(check => looked(check.name, () => lineOf(sight, check)));
  return (await Promise.all(lines)).flat();
}

function checksOf({ platform, systems, clock }: Sight): Check[] {
  const { quantum, observe } = createActivities({ platform, systems, ...clock });
  const { dynex, api, prometheus } = systems;
  return [
    {
      name: 'Dynex',
      of: 'quantum',
      variable: 'DYNEX_API_URL',
      address: dynex?.address,
      look: () => quantum.probeDynex({}),
      remembered: [...at('dynex from inside', dynex?.address), ...at('dynex from outside', prometheus?.address)],
    },
    {
      name: 'The Dynex status page',
      of: 'quantum',
      variable: 'DYNEX_STATUS_URL',
      address: dynex?.statusAddress,
      look: () => quantum.dynexStatus({}),
      remembered: at('dynexStatus', dynex?.statusAddress),
    },
    {
      name: 'The Dynex key',
      of: 'quantum',
      variable: 'DYNEX_API_URL',
      address: dynex?.address,
      look: () => quantum.dynexKey({}),
      remembered: at('dynexKey', dynex?.address),
    },
    {
      name: 'The NQBA API',
      variable: 'NQBA_API_URL',
      address: api?.address,
      look: () => observe.probe({ url: 'api' }),
      remembered: [...at('api from inside', api?.address), ...at('api from outside', prometheus?.address)],
    },
  ];
}

const at = (check: string, address: string | undefined) => (address ? [{ check, address }] : []);

async function lineOf(sight: Sight, { name, variable, address, look, remembered }: Check): Promise<Line> {
  if (!address)
    return fine(name, `is not connected: its checks stay unknown, and people decide. To connect it, set ${variable}.`);
  const { verdict, evidence } = await look();
  const text = `is ${verdict}. ${evidence} ${(await Promise.all(remembered.map(one => memory(sight, one)))).join(' ')}`;
  if (verdict === 'healthy') return fine(name, text);
  return fault(name, text, `Fix what it says; if it checks the wrong address, correct ${variable} (now ${address}).`);
}

async function memory({ systems: { artifacts } }: Sight, looked: { check: string; address: string }): Promise<string> {
  const seen = await seenHealthy(artifacts, looked);
  const [, side = ''] = / (from \w+)$/.exec(looked.check) ?? [];
  const subject = side ? `Seen healthy ${side}` : 'Seen healthy';
  return seen
    ? `${subject}: last ${seen.last}, first ${seen.first}.`
    : `${subject}: never here; a running worker checks every hour.`;
}
