/** Whether a long incident costs more a step than a short one, and how many commands a phase and a question take. */

import type { Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { aFoundStart, anAlert, rehearsal } from '../support/rehearsing.ts';
import { leastCpu } from './cpu.ts';
import { codeInOurWords, ended, sandboxOf } from './outage.ts';
import type { Row } from './row.ts';

export async function growth(): Promise<Row[]> {
  const sandbox = await sandboxOf(await codeInOurWords(new URL('many.ts', import.meta.url).pathname));
  return [
    ...(await costOfSteps(sandbox)),
    { what: 'Upserts and timers a phase', value: await commandsFor('phases', sandbox), unit: 'things', goal: 3 },
    { what: 'Upserts and timers a question', value: await commandsFor('questions', sandbox), unit: 'things', goal: 4 },
  ];
}

const long = (many: number) => anAlert({ labels: { many: `${many}` } });

const [short, ...longer] = [30, 100, 300, 1000] as const;

/** Of the steps alone: what an incident without any costs is taken off. */
async function costOfSteps(sandbox: Sandbox): Promise<Row[]> {
  const sizes = [0, short, ...longer];
  const times = (steps: number) => Math.ceil(1000 / Math.max(short, steps));
  const work = (steps: number) => async () => {
    for (let time = 0; time < times(steps); time += 1)
      await (await ended(sandbox, { type: 'steps', alert: long(steps) })).dispose();
  };
  const [none = 0, ...some] = (await leastCpu(5, sizes.map(work))).map((cpu, index) => cpu / times(sizes[index] ?? 0));
  const [first = 0, ...each] = some.map((cpu, index) => (cpu - none) / (sizes[index + 1] ?? 1));
  return longer.map((steps, index) => ({
    what: `CPU of a step among ${steps}, against one among ${short}`,
    value: (each[index] ?? 0) / first,
    goal: 1.2,
    tolerance: 0.1,
  }));
}

/** What each of ten more takes; the first ones share theirs with the beginning and the end of the incident. */
async function commandsFor(type: 'phases' | 'questions', sandbox: Sandbox): Promise<number> {
  const commands = async (many: number) => {
    const people = Object.fromEntries(Array.from({ length: many }, (_, index) => [`Go on: ${index + 1}?`, 'yes']));
    const init = { type, args: [aFoundStart(long(many))], people };
    const { timers, upserts } = await rehearsal({ ...init, sandbox: Promise.resolve(sandbox) });
    return timers + upserts;
  };
  return ((await commands(12)) - (await commands(2))) / 10;
}
