// The guided incident: what a newcomer sees after `npm start`, and what `--yes` proves.
import { join } from 'node:path';
import { quoted } from '../../client/cli/text.ts';
import { Temporal } from '../../client/temporal.ts';
import { LabError } from '../lab-error.ts';
import type { Practice } from '../practice/start.ts';
import { Following } from './following.ts';
import { setSystem } from './outage.ts';
import { differences, expectedOfTheGuide, messagesSince, writesSince } from './proof.ts';
import {
  cause,
  ended,
  immediateResponse,
  measured,
  nothingLeft,
  relapse,
  type Stage,
  twoSendersDeliver,
  wayBack,
  workerIsKilled,
} from './scenes.ts';
import { heading, type Say } from './telling.ts';

/** Walks through one incident. @throws LabError with `--yes`, when it does not go as written or when anything else happened */
export async function guide(options: { practice: Practice; yes: boolean; say: Say }) {
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

async function walk(temporal: Temporal, { practice, yes, say }: { practice: Practice; yes: boolean; say: Say }) {
  const { environment } = practice;
  const since = new Date();
  introduce(practice, say);
  await setSystem(environment, 'pagerduty', 'down', { for: 10_000 });
  await setSystem(environment, 'dynex', 'down');
  heading(say, 2, 'Two senders deliver DynexHealthCheckFailed fifty times');
  const { incident, absorbed } = await twoSendersDeliver(environment, since);
  say(`  One incident, ${incident}; ${absorbed} deliveries absorbed.`);
  const following = new Following(temporal, incident);
  const { workflowId } = await following.incident();
  const stage: Stage = { practice, since, say, yes, following, workflowId, temporalUi: uiOf(environment, workflowId) };
  await immediateResponse(stage);
  await measured(stage);
  await workerIsKilled(stage);
  await cause(stage);
  await relapse(stage);
  await wayBack(stage);
  await ended(stage, since);
  await nothingLeft(stage);
  if (yes) await prove(practice, since, say);
}

function introduce({ dir, environment, cluster }: Practice, say: Say) {
  heading(say, 1, 'What runs');
  say(
    `  Temporal (its UI: ${environment.TEMPORAL_UI}), ${cluster.auditLog ? 'a Kubernetes control plane' : 'your test cluster'} with NQBA’s workloads,`,
  );
  say('  stand-ins for Dynex, Prometheus, Slack, PagerDuty and the status page, our worker and our intake.');
  say('  Waiting for the world is 60 times faster here; waiting for people is not. Nothing outside this machine is touched.');
  say('  In another terminal the commands below work as they are printed, runbooks and temporal alike, after:');
  say(`    source ${quoted(join(dir, 'env'))}`);
}

const uiOf = ({ TEMPORAL_UI, TEMPORAL_NAMESPACE }: Practice['environment'], workflowId: string) =>
  `${TEMPORAL_UI}/namespaces/${TEMPORAL_NAMESPACE}/workflows/${encodeURIComponent(workflowId)}`;

/** The proof is nobody's word: the API server's audit log and the stand-ins' records. */
async function prove({ cluster, environment }: Practice, since: Date, say: Say) {
  const actual = {
    writes: await writesSince(cluster.auditLog ?? '', since),
    messages: messagesSince(environment.MESSAGES ?? '', since),
  };
  const found = differences(expectedOfTheGuide(), actual);
  if (found.length > 0)
    throw new LabError(`What happened is not what was expected:\n${found.map(line => `  ${line}`).join('\n')}`);
  say(
    `\nProven by the audit log and the stand-ins’ records: ${actual.writes.length} writes, ${actual.messages.length} messages, exactly the expected.`,
  );
}
