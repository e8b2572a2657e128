// The guided incident: what a newcomer sees after `npm start`, and what `--yes` proves.
import { join } from 'node:path';
import { quoted } from '../../client/cli/text.ts';
import { Temporal } from '../../client/temporal.ts';
import { LabError } from '../lab-error.ts';
import type { Practice } from '../practice/start.ts';
import { differences, expectedOf, messagesSince, writeDifferences, writesSince } from './proof.ts';
import { dynexOutage } from './dynex-outage.ts';
import type { Scenario } from './stage.ts';
import { heading, type Say } from './telling.ts';
import { incidentsInUi } from './temporal-ui.ts';

interface Guided {
  practice: Practice;
  yes: boolean;
  say: Say;
  scenario?: Scenario;
}

/** Walks through one incident. @throws LabError with `--yes`, when it does not go as written or when anything else happened */
export async function guide(options: Guided) {
  const { practice, yes, say } = options;
  const temporal = new Temporal(practice.environment);
  try {
    await walk(temporal, options);
  } catch (error) {
    if (yes || !(error instanceof LabError)) throw error;
    say(`\n${error.message}\nThe guide ends here.`);
  } finally {
    await temporal.close();
  }
  if (!yes) say('\nThe practice platform keeps running. Ctrl-C stops it.');
}

async function walk(temporal: Temporal, { practice, yes, say, scenario = dynexOutage }: Guided) {
  const since = new Date();
  introduce(practice, say);
  await scenario.walk({ practice, temporal, since, say, yes });
  if (yes) await prove(practice, since, say, scenario);
}

function introduce({ dir, environment, cluster }: Practice, say: Say) {
  heading(say, 1, 'What runs');
  say(
    `  Temporal (its UI: ${incidentsInUi(environment)}), ${cluster.auditLog ? 'a Kubernetes control plane' : 'your test cluster'} with NQBA’s workloads,`,
  );
  say('  stand-ins for Dynex, Prometheus, Slack, PagerDuty and the status page, our worker and our intake.');
  say('  Waiting for the world is 60 times faster here; waiting for people is not. Nothing outside this machine is touched.');
  say('  In another terminal the commands below work as they are printed, runbooks and temporal alike, after:');
  say(`    source ${quoted(join(dir, 'env'))}`);
}

/** The proof is no one's word: the API server's audit log and the stand-ins' records. */
async function prove({ cluster, environment }: Practice, since: Date, say: Say, { expected, users }: Scenario) {
  const wanted = expectedOf(expected);
  const writes = await writesSince(cluster.auditLog ?? '', since, users);
  const messages = messagesSince(environment.MESSAGES ?? '', since);
  const found = wanted.messages
    ? differences({ writes: wanted.writes, messages: wanted.messages }, { writes, messages })
    : writeDifferences(wanted.writes, writes);
  if (found.length > 0)
    throw new LabError(`What happened is not what was expected:\n${found.map(line => `  ${line}`).join('\n')}`);
  const counted = wanted.messages ? `${writes.length} writes, ${messages.length} messages` : `${writes.length} writes`;
  say(`\nProven by the audit log and the stand-ins’ records: ${counted}, exactly the expected.`);
}
