/** The checks that incidents trust, asked once: do their addresses answer, and when were they last healthy here? */

import { createActivities } from '../../activities/index.ts';
import { seenHealthy } from '../../activities/seen.ts';
import { fault, fine, type Line, looked } from './line.ts';
import type { Sight } from './sight.ts';
import { type TrustedCheck, trustedChecks } from '../trusted-checks.ts';

export async function checkLines(sight: Sight): Promise<Line[]> {
  const { platform, systems, clock } = sight;
  const activities = createActivities({ platform, systems, ...clock });
  const lines = trustedChecks(activities, sight).map(check => looked(check.name, () => lineOf(sight, check)));
  return (await Promise.all(lines)).flat();
}

/** Under which names and addresses the activities remember it. */
const rememberedOf = ({ inside, outside, address }: TrustedCheck, { systems: { prometheus } }: Sight) => [
  ...at(inside, address),
  ...(outside === undefined ? [] : at(outside, prometheus?.address)),
];

const at = (check: string, address: string | undefined) => (address ? [{ check, address }] : []);

async function lineOf(sight: Sight, check: TrustedCheck): Promise<Line> {
  const { name, variable, address, look } = check;
  if (!address)
    return fine(name, `is not connected: its checks stay unknown, and people decide. To connect it, set ${variable}.`);
  const { verdict, evidence } = await look();
  const text = `is ${verdict}. ${evidence} ${(await Promise.all(rememberedOf(check, sight).map(one => memory(sight, one)))).join(' ')}`;
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
