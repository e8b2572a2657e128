import { fieldsOf, operation } from '../kit/index.ts';
import { faultsIn, followUpsOf } from './morning-health-check/follow-ups.ts';
import { resultOf } from './morning-health-check/result.ts';

const reviewIsPast = 'The review of the written runbooks is past';

/** Daily at nine, in 15 minutes, for the operations team: reads only; what is faulty becomes one follow-up for each reason. */
export const morningHealthCheck = operation(
  'Morning Health Check',
  fieldsOf['morning-health-check'],
  async ({ phase, check, task }, _, at) => {
    const findings = await phase('Checklist', { by: '15 minutes' }, checklist);
    const known = await check('Checklist: compare with the mornings before').observe.knownFaults({
      of: 'morning-health-check',
      at: at.toISOString(),
      ...faultsIn(findings),
    });
    const review = await check('Checklist: next review of the runbooks').observe.documentReview({});
    for (const { title, ...left } of followUpsOf(findings, known)) await task(title, { ...left, blocks: false });
    if (review.verdict === 'faulty')
      await task(reviewIsPast, { owner: 'operations', confirm: review.evidence, recurs: {}, blocks: false });
    return `${resultOf(findings)} ${known.evidence}`;

    async function checklist() {
      const [
        nodes,
        pods,
        usage,
        ours,
        services,
        ingress,
        scaling,
        api,
        worker,
        monitoring,
        prometheus,
        grafana,
        health,
        solvers,
      ] = await Promise.all([
        check('Check cluster health: nodes').kubernetes.nodes({}),
        check('Check cluster health: pods').kubernetes.pods({ namespaces: 'all' }),
        check('Check cluster health: usage of nodes').kubernetes.usage({ of: 'nodes', below: 0.8 }),
        check('Check application status: pods').kubernetes.pods({}),
        check('Check application status: Services').kubernetes.services({ kind: 'service' }),
        check('Check application status: Ingress').kubernetes.services({ kind: 'ingress' }),
        check('Check HPA status').kubernetes.scaling({}),
        check('Check recent deployments: API').kubernetes.rolloutStatus({ workload: 'api' }),
        check('Check recent deployments: worker').kubernetes.rolloutStatus({ workload: 'worker' }),
        check('Check monitoring systems: pods').kubernetes.pods({ namespaces: 'monitoring' }),
        check('Check monitoring systems: Prometheus').observe.probe({ url: 'prometheus' }),
        check('Check monitoring systems: Grafana').observe.probe({ url: 'grafana' }),
        check('Check NQBA-specific services: API').observe.probe({ url: 'api' }),
        check('Check NQBA-specific services: quantum').quantum.solvers({}),
      ]);
      const clusterWide = { nodes, pods, usage, monitoring, prometheus, grafana };
      return { ...clusterWide, ours, services, ingress, scaling, api, worker, health, solvers };
    }
  },
);
