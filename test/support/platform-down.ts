import type { Obstacle, PodsFacts } from '../../activities/index.ts';
import type { Attempt } from '../../worker/rehearsal/virtual-server.ts';
import {
  type Answers,
  aReceipt,
  aDraftingStart,
  anAlert,
  callOf,
  done,
  finding,
  minutes,
  planned,
  type Rehearsing,
  rehearsal,
  threeAtNight,
} from './rehearsing.ts';

export const alert = anAlert({
  name: 'PlatformUnavailable',
  labels: { severity: 'critical', priority: 'P0', runbook: 'p0-critical-incident-response' },
  annotations: { summary: 'The public API answers no probe' },
});

export const podsOf = (change: Partial<PodsFacts> = {}): Partial<PodsFacts> => ({
  ready: 2,
  wanted: 5,
  missing: 0,
  obstacle: null,
  retry: null,
  workloads: [
    { workload: 'api', ready: 0, wanted: 3, missing: 0 },
    { workload: 'worker', ready: 2, wanted: 2, missing: 0 },
  ],
  ...change,
});

export const noClass = {
  object: 'PriorityClass nqba-critical',
  says: 'no PriorityClass with name nqba-critical was found',
  command: 'kubectl create priorityclass nqba-critical --value=1000000',
  refusesPods: true,
} as const;

/** Three pods of the API are missing, and new ones are refused. */
export const keptOut = podsOf({
  missing: 3,
  obstacle: noClass,
  workloads: [{ workload: 'api', ready: 0, wanted: 3, missing: 3, obstacle: noClass }],
});

/** One pod of the API is missing, for a reason of its own; `obstacle` stands in the way of the workload. */
export const missesOne = (workload: 'api' | 'worker', obstacle: Obstacle) =>
  podsOf({
    missing: 1,
    obstacle,
    workloads: [
      { workload: 'worker', ready: 1, wanted: 2, missing: 0, ...(workload === 'worker' && { obstacle }) },
      { workload: 'api', ready: 0, wanted: 3, missing: 1, ...(workload === 'api' && { obstacle }) },
    ],
  });

export const rolledOut = { workload: 'api', revision: 42, at: '2026-11-24T02:55:00.000Z', minutesBefore: 5 } as const;
export const faultyEverywhere = finding('faulty', { inside: 'faulty', outside: 'faulty' }, 'nothing answers');

export const serves = 'Recovery: the platform serves';
export const holds = 'Recovery: it holds';
export const inTheWay = 'Check overall system health: what stands in the way';
export const theObstacleHasGone = 'Check overall system health: the obstacle has gone';
export const whatFitsStep = 'Implement immediate mitigation: what fits';
export const rollback = 'If needed, rollback to last known good version';
export const scaleUp = 'Scale up if performance issue';

/** A rollout of the API that never gets ready, as it goes when nothing else goes wrong. */
const platformDown: Record<string, Answers> = {
  nodes: finding('healthy'),
  pods: finding('faulty', podsOf(), 'nqba-api: 0 of 3 ready'),
  'Check overall system health: pods of all namespaces': finding('healthy'),
  usage: finding('healthy', { highest: 0.4 }),
  metric: finding('healthy', { value: 1 }),
  dashboard: finding('unknown'),
  probe: faultyEverywhere,
  probeDynex: finding('healthy', { inside: 'healthy', outside: 'healthy' }),
  rollouts: finding('faulty', { change: null, rollout: rolledOut }),
  rollBack: ({ args }: Attempt) => (callOf(args).approved ? done() : planned('approval')),
  raiseFloor: done(aReceipt({ note: 'The autoscaler keeps 6 pods' })),
  [inTheWay]: finding('healthy', podsOf()),
  [serves]: finding('healthy'),
  [holds]: finding('healthy'),
  recovered: finding('healthy', {}, 'the outside probe succeeds'),
};

/** Rehearses P0 on a world that differs from that rollout where it is said. */
export const p0 = ({ world = {}, takes = {}, people = { [rollback]: 'approve' }, ...script }: Rehearsing = {}) =>
  rehearsal({
    type: 'p0CriticalIncidentResponse',
    args: [aDraftingStart(alert)],
    messages: [resolves(20)],
    ...script,
    world: { ...platformDown, ...world },
    takes: { [serves]: minutes(1), [holds]: minutes(15), [inTheWay]: minutes(5), ...takes },
    people,
  });

/** Faulty for half an hour, so that another round begins. */
export const stillDown = finding('faulty', {}, 'the outside probe fails');

const at = (after: number) => new Date(threeAtNight + minutes(after)).toISOString();

/** @param began when it last fired, minutes after its beginning */
export const resolves = (after: number, began = 0) => ({
  after: minutes(after),
  signal: 'alert',
  args: [{ ...alert, status: 'resolved', startsAt: at(began), endsAt: at(after) }],
});

export const firesAgain = (after: number) => ({
  after: minutes(after),
  signal: 'alert',
  args: [{ ...alert, startsAt: at(after) }],
});

export const acknowledges = (after: number) => ({ after: minutes(after), signal: 'acknowledge', args: [{ by: 'ann' }] });
