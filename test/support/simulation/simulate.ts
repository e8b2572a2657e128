import { createHash } from 'node:crypto';
import { type Rehearsal, rehearse, type Script } from '../../../worker/rehearsal/rehearse.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { aStart, minutes, threeAtNight } from '../rehearsing.ts';
import { type Delivered, delivered } from './deliveries.ts';
import { Alarm } from './alarm.ts';
import { checkEnd } from './at-the-end.ts';
import { type Fault, Faults } from './faults.ts';
import { checkClaims, checkState } from './law.ts';
import { checkAlways } from './invariants.ts';
import { Violation } from './violation.ts';
import { Memory } from './memory.ts';
import { People } from './people.ts';
import { checkedAtIntervals, checkOutcome } from './outcome.ts';
import { onCall } from './staff.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

export interface Simulated {
  seed: number;
  violation?: Violation;
  fired: Set<Fault>;
  /** What happened, a line each, as far as the simulation came. */
  trace: string[];
  /** Of everything that the workflow asked for and told. */
  digest: string;
  /** What people said that the cause is. */
  causes: string[];
}

export interface Twist {
  /** The same seed without this fault. */
  without?: Fault;
  /** Ends as soon as it differs from this one. */
  unlike?: Simulated;
  /** Forgets and replays the incident after every so many tasks, whatever the seed says. */
  evictEvery?: number;
}

const longest = minutes(14 * 24 * 60);

/** One incident with the faults of its seed; every invariant is checked after every workflow task. */
export async function simulate({ sandbox, rule, createIntake }: Subject, seed: number, twist: Twist = {}): Promise<Simulated> {
  const faults = new Faults(seed, twist.without);
  const alerts = await delivered(createIntake, faults);
  const world = new World(faults, rule);
  const people = new People(seed, faults, world);
  const simulated: Simulated = { seed, fired: faults.fired, trace: [], digest: '', causes: [] };
  const alarm = new Alarm(alerts.told, world, people.commands.cancelled);
  const script = scriptOf(seed, faults, { alerts, world, people, alarm }, line => {
    simulated.trace.push(line);
    if (twist.unlike && twist.unlike.trace[simulated.trace.length - 1] !== line) throw new Differs();
  });
  try {
    const rehearsed = await rehearse(sandbox, { ...script, ...(twist.evictEvery && { evictEvery: twist.evictEvery }) });
    simulated.digest = digestOf(rehearsed);
    simulated.causes = causesIn(rehearsed.report);
    checkAlways({ report: rehearsed.report, world, people });
    checkEnd({ report: rehearsed.report, world, people }, rehearsed);
    people.heard.checkVerdicts(rehearsed.tasks);
    checkClaims(rehearsed.report, world);
    checkOutcome(rehearsed.report, world, people.commands.cancelled, alarm);
  } catch (error) {
    if (!(error instanceof Differs)) simulated.violation = violationOf(error);
  }
  return simulated;
}

/** It is another history than that of the seed with all its faults. */
class Differs extends Error {}

interface Cast {
  alerts: Delivered;
  world: World;
  people: People;
  alarm: Alarm;
}

function scriptOf(seed: number, faults: Faults, { alerts, world, people, alarm }: Cast, note: (line: string) => void): Script {
  const memory = new Memory(alerts.shown);
  const start = aStart(alerts.told[0]?.alert);
  const released = world.hold && [{ after: world.hold.to - threeAtNight, signal: 'release', args: [{ by: 'bob' }] }];
  return {
    init: {
      type: 'dynexOutage',
      workflowId: 'incident:dynex-outage:simulated',
      runId: `run-${seed}`,
      args: [{ ...start, platform: { ...start.platform, people: onCall, stages: world.stages, drafts: true } }],
      at: threeAtNight,
    },
    world: attempt => {
      const reaction = world.react(attempt);
      note(`${attempt.at} ${attempt.title} ${attempt.type} ${JSON.stringify(reaction).length}`);
      return reaction;
    },
    people: (report, at) => {
      note(`${at} ${lineOf(report)}`);
      checkAlways({ report, world, people });
      memory.check(report, at);
      checkState(report, world, at);
      checkedAtIntervals(world);
      alarm.check(report, at);
      people.heard.check(report, at);
      return people.say(report, at);
    },
    messages: [
      ...alerts.told.map(({ at, alert }) => ({ after: at - threeAtNight, signal: 'alert', args: [alert] })),
      ...(released ?? []),
    ],
    jobs: people.commands.updates(),
    atMost: longest,
    ...(faults.happens('crash', 0.6) && { evictEvery: 1 + faults.stream('crash').below(9) }),
    ...(faults.happens('roll-over', 0.8) && { rollOver: true }),
  };
}

/** Where a report stands: two histories that differ do so in one of these, sooner or later. */
const lineOf = ({ state, severity, commander, alerts, absorbed, steps, questions, refusals, withdrawn, phases }: Report) => {
  const answered = questions.filter(({ answer }) => answer).length;
  const counts = [absorbed, steps.length, questions.length, answered, withdrawn.length, refusals.length, phases.length];
  return [state, severity, commander, ...alerts.map(({ status }) => status), ...counts, phases.at(-1)?.by].join(' ');
};

const causesIn = ({ questions }: Report) =>
  questions.flatMap(({ title, answer }) => (title === 'What is the cause?' && answer ? [answer.choice] : []));

const violationOf = (error: unknown) =>
  error instanceof Violation
    ? error
    : new Violation('I11', error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Whatever the history tells: the commands, and what became of every message. */
function digestOf({ tasks, report }: Rehearsal): string {
  const commands = tasks.map(task => task.map(command => [Object.keys(command), command.scheduleActivity?.activityType]));
  return createHash('sha256')
    .update(JSON.stringify([commands, report]))
    .digest('hex');
}
