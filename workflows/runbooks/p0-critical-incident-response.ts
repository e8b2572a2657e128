import { runbook } from '../kit/index.ts';
import { type Branch, whatFits } from './p0-critical-incident-response/branches.ts';
import { isDynexDown } from './p0-critical-incident-response/is-dynex-down.ts';
import { obstacleWatch } from './p0-critical-incident-response/obstacle.ts';

const platform = { of: 'p0-critical-incident-response' } as const;
const twice = { workload: 'api', atLeast: 'twice' } as const;
/** With the minute between two rounds there is an update every half hour. */
const halfAnHour = { every: '1 minute', for: '0 minutes', atLeast: 1, upTo: '29 minutes' } as const;
const held = { every: '1 minute', for: '15 minutes', atLeast: 15 } as const;
const outage = { component: 'api', status: 'major_outage', text: 'outage' } as const;
const operational = { component: 'api', status: 'operational', text: 'works-again' } as const;

/** Complete system outage, data loss, security breach: acknowledge in 15 minutes, restore in 4 hours. */
export const p0CriticalIncidentResponse = runbook('P0 - Critical Incident Response', async (words, alert) => {
  const { phase, step, check, watch, task, remedy } = words;
  const firing = { before: alert.startsAt, alert: alert.name };
  /** Branches begun, and proposals that people declined, since the platform last served: none is offered twice. */
  let tried: readonly Branch[] = [];
  let left: readonly string[] = [];
  let isPaged = false;
  const obstacle = obstacleWatch(words);

  await Promise.all([
    task('Acknowledge the incident', { owner: 'primary', confirm: 'I am incident commander', acknowledges: true }),
    respond(),
  ]);

  async function respond() {
    await obstacle.beside(() =>
      phase('Immediate Actions', { by: '15 minutes' }, () =>
        Promise.all([
          step('Create incident channel').comms.declareIncident({ title: 'P0 - Critical Incident Response', channel: true }),
          step('Acknowledge the incident: page').oncall.page({ roles: ['primary'] }),
          step('Update status page', { approver: 'primary' }).comms.setStatusPage(outage),
          mitigate(),
        ]),
      ),
    );
    await remedy(() => obstacle.beside(mitigate), { recovered: recovery });
    await obstacle.ended();
  }

  /** Each round is an update: what was found, what fits, and why the rest does not. */
  async function mitigate() {
    const { fits, proposes, found, text } = whatFits(await assess(), tried, left);
    await phase('Implement immediate mitigation', { within: '15 minutes' }, async () => {
      await step('Implement immediate mitigation: what fits').comms.remark({ text });
      if (fits.length === 0) await pageInfrastructure(found);
      await Promise.all([...fits.map(branch => implement(branch, found)), proposes && propose(proposes, found)]);
    });
  }

  function assess() {
    return phase('Assess the scope', async () => {
      const [nodes, pods, cluster, load, api, dynex, database, errors, latency, rollouts] = await Promise.all([
        check('Check overall system health: nodes').kubernetes.nodes({}),
        obstacle.foundIn(check('Check overall system health: pods').kubernetes.pods({})),
        check('Check overall system health: pods of all namespaces').kubernetes.pods({ namespaces: 'all' }),
        check('Check overall system health: load').kubernetes.usage({ of: 'pods', workloads: ['api'], below: 0.8 }),
        check('Check external dependencies: API').observe.probe({ url: 'api' }),
        check('Check external dependencies: Dynex').quantum.probeDynex({}),
        check('Check external dependencies: database').observe.metric({ metric: 'database up', above: 0 }),
        check('Check monitoring dashboards: errors').observe.metric({ metric: 'api errors', below: 0.05 }),
        check('Check monitoring dashboards: latency').observe.metric({ metric: 'api latency p95', below: 2 }),
        check('If API is down, check recent deployments').kubernetes.rollouts({ workloads: ['api'], ...firing, backTo: true }),
        check('Check monitoring dashboards').observe.dashboard({ dashboard: 'NQBA API Metrics' }),
      ]);
      return { nodes, pods, cluster, load, api, dynex, database, errors, latency, rollouts };
    });
  }

  async function implement(branch: Branch, found: string) {
    tried = [...tried, branch];
    if (branch === 'roll back') {
      const state = await step('If needed, rollback to last known good version').kubernetes.rollBack({ workload: 'api' });
      return state === 'skipped' && pageInfrastructure(found);
    }
    if (branch === 'scale up') return step('Scale up if performance issue', { until: '4 hours' }).kubernetes.raiseFloor(twice);
    await step('Enable quantum fallback if Dynex is down').quantum.setFallback({ enabled: true });
    return task('Enable quantum fallback if Dynex is down: the way back', {
      owner: 'quantum',
      confirm: 'Dynex is healthy, and jobs run there again: runbooks undo, or the incident Dynex Outage',
      blocks: false,
    });
  }

  async function propose(because: string, found: string) {
    const isDown = await isDynexDown(words, because);
    if (isDown === false) left = [...left, because];
    if (isDown) await implement('fallback', found);
  }

  async function pageInfrastructure(because: string) {
    if (!isPaged) await step('No written branch fits').oncall.page({ roles: ['infrastructure'], because });
    isPaged = true;
  }

  function recovery() {
    return phase('Recovery', async () => {
      const serves = await watch('Recovery: the platform serves', halfAnHour).observe.recovered(platform);
      if (serves.verdict !== 'healthy') return serves;
      const holds = await watch('Recovery: it holds', held).observe.recovered(platform);
      if (holds.verdict !== 'healthy') return holds;
      [tried, left, isPaged] = [[], [], false];
      await step('Update status page: operational', { approver: 'primary' }).comms.setStatusPage(operational);
      return holds;
    });
  }
});
