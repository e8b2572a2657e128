/**
 * `runbooks init` looks through this: it prints a platform description of the cluster, and a mark on each field that people must look
 * at, as one JSON object: `node worker/init.ts [--context C] [--prometheus URL] [--namespace NAME …] [--workload
 * NAME=WORKLOAD …]`. It only reads.
 */

import { parseArgs } from 'node:util';
import { wireOf } from '../activities/connectors/index.ts';
import { connectKubernetes } from '../activities/connectors/kubernetes.ts';
import { type Destination, destinationOf, kubernetesFetch } from '../activities/connectors/kubeconfig.ts';
import { connectPrometheus } from '../activities/connectors/prometheus.ts';
import { proxiesIn } from '../activities/connectors/proxy.ts';
import { SystemError } from '../activities/connectors/system-error.ts';
import { clock } from './clock.ts';
import { allQueries } from './doctor/queries.ts';
import { proposal } from './proposing/description.ts';
import { clusterLabel, measure } from './proposing/measured.ts';
import { seeCluster } from './proposing/seen.ts';
import { askedAbout } from './proposing/workloads.ts';
import { onlyReading } from './trying/observing.ts';

const { values } = parseArgs({
  options: {
    context: { type: 'string' },
    prometheus: { type: 'string' },
    namespace: { type: 'string', multiple: true, default: [] },
    workload: { type: 'string', multiple: true, default: [] },
  },
});

async function main() {
  const proxies = proxiesIn(process.env);
  const kubeconfig = process.env['KUBECONFIG'];
  const source = { proxies, ...(kubeconfig && { kubeconfig }), ...(values.context && { context: values.context }) };
  const kubernetes = connectKubernetes({ fetch: onlyReading(kubernetesFetch(source, clock.now)) }, clock);
  const url = values.prometheus;
  const prometheus = url === undefined ? undefined : connectPrometheus({ url }, wireOf({ proxies }, clock));
  const seen = await seeCluster(kubernetes, values.namespace, new Map(values.workload.map(chosen)));
  const [found, named, measured] = await Promise.all([
    destinationOf(source),
    prometheus && clusterLabel(prometheus),
    prometheus && measure(prometheus, allQueries(askedAbout(seen))),
  ]);
  const cluster = named === undefined ? fromKubeconfig(found) : { name: named, from: 'as the label cluster of its series says' };
  const { description, marks } = proposal({ seen, measured, cluster });
  return { description, marks };
}

function chosen(option: string): [string, string] {
  const [name = '', workload = ''] = option.split('=');
  return [name, workload];
}

/** `arn:aws:eks:eu-west-1:1:cluster/production` names it last. */
function fromKubeconfig({ cluster, isPod }: Destination) {
  if (isPod) return { name: 'cluster', from: 'a Pod does not know what its cluster is called' };
  const name = cluster.split(/[:/]/).at(-1) ?? '';
  return { name: name || cluster, from: 'as KUBECONFIG calls it' };
}

const byName = 'Name namespaces that you may read: --namespace shop --namespace mail.';

try {
  const proposed = await main();
  process.stdout.write(`${JSON.stringify(proposed)}\n`, () => process.exit(0));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const isRefused = error instanceof SystemError && error.status === 403;
  process.stderr.write(`${error.message}${isRefused ? `. ${byName}` : ''}\n`);
  process.exit(2);
}
