import { createHash } from 'node:crypto';
import { type Rehearsal, rehearse, type Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { anAlert, aStart, minutes, threeAtNight } from '../rehearsing.ts';
import { type Fault, Faults } from './faults.ts';
import { checkAlways, checkEnd, Memory, Violation } from './invariants.ts';
import { People } from './people.ts';
import { World, type WatchRule } from './world.ts';

export interface Simulated {
  seed: number;
  violation?: Violation;
  fired: Set<Fault>;
  /** Of everything that the workflow asked for. */
  digest: string;
}

/** What is simulated: the bundled workflows, and the rule of the watch. */
export interface Subject {
  sandbox: Sandbox;
  rule: WatchRule;
}

const longest = minutes(14 * 24 * 60);

/** One incident with the faults of its seed; every invariant is checked after every workflow task. */
export async function simulate({ sandbox, rule }: Subject, seed: number, without?: Fault): Promise<Simulated> {
  const faults = new Faults(seed, without);
  const world = new World(faults, rule);
  const people = new People(seed, faults);
  const seen = (report: Report) => ({ report, world, sent: people.sent });
  const deliveries = alerts(faults);
  const memory = new Memory();
  const check = (report: Report, now: number) => {
    checkAlways({ report, world, sent: people.sent });
    memory.check(report, deliveries, now);
  };
  let digest = '';
  try {
    const rehearsed = await rehearse(sandbox, {
      init: {
        type: 'dynexOutage',
        workflowId: 'incident:dynex-outage:simulated',
        runId: `run-${seed}`,
        args: [aStart()],
        at: threeAtNight,
      },
      world: world.react,
      people: (report, at) => {
        check(report, at);
        return people.say(report, at);
      },
      messages: deliveries.map(({ at, ...alert }) => ({ after: at - threeAtNight, signal: 'alert', args: [anAlert(alert)] })),
      atMost: longest,
      ...(faults.happens('crash', 0.6) && { evictEvery: 1 + faults.stream('crash').below(9) }),
      ...(faults.happens('roll-over', 0.8) && { rollOver: true }),
    });
    digest = digestOf(rehearsed);
    check(rehearsed.report, Date.parse(rehearsed.report.times.closed ?? ''));
    checkEnd(seen(rehearsed.report), rehearsed);
  } catch (error) {
    const violation =
      error instanceof Violation
        ? error
        : new Violation('I11', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { seed, violation, fired: faults.fired, digest };
  }
  return { seed, fired: faults.fired, digest };
}

/** The alerts of a seed. Each ends some day, else the incident rightly stays open. */
function alerts(faults: Faults) {
  const delivery = (minute: number, status: 'firing' | 'resolved', fingerprint = 'f00d', began = 0) => ({
    at: threeAtNight + minutes(minute),
    status,
    fingerprint,
    startsAt: new Date(threeAtNight + minutes(began)).toISOString(),
  });
  const end = faults.happens('alert resolves', 0.7) ? 1 + faults.stream('alert resolves').below(60) : 240;
  return [
    delivery(0, 'firing'),
    ...(faults.happens('duplicate alert', 0.7) ? [delivery(0.2, 'firing'), delivery(0.5, 'firing')] : []),
    ...(faults.happens('second alert', 0.7) ? [delivery(0.3, 'firing', 'beef'), delivery(0.7, 'resolved', 'beef')] : []),
    delivery(end, 'resolved'),
    ...(faults.happens('alert flaps', 0.7) ? [delivery(270, 'firing', 'f00d', 270), delivery(300, 'resolved', 'f00d', 270)] : []),
  ];
}

/** Whatever the history tells: the commands, and what became of every message. */
function digestOf({ tasks, report }: Rehearsal): string {
  const commands = tasks.map(task => task.map(command => [Object.keys(command), command.scheduleActivity?.activityType]));
  return createHash('sha256')
    .update(JSON.stringify([commands, report]))
    .digest('hex');
}
