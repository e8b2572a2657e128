/** `npm start`: the practice platform and its guided incident. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { binaryNames } from './binaries.ts';
import { guide } from './guide/guide.ts';
import { meanwhile, obtainAll } from './guide/meanwhile.ts';
import type { Scenario } from './guide/stage.ts';
import { unfinished } from './guide/unfinished.ts';
import { fullDisk, isFullDisk, LabError, reason } from './lab-error.ts';
import { claim } from './practice/only-one.ts';
import { expectPracticeLabel } from './practice/own-cluster.ts';
import { type Practice, startPractice } from './practice/start.ts';
import { scenarioCalled, scenarios } from './scenarios/index.ts';

const help = `npm start [-- OPTIONS]

Starts a practice platform on this machine (a real Temporal, a real Kubernetes control plane, stand-ins
for the vendors) and walks you through one incident. Nothing outside this machine is touched.

  --scenario NAME      which incident: dynex-outage (Dynex fails; this one unless you say otherwise),
                       priority-class (the API has no pod and can get none),
                       bad-rollout (a rollout of the API that never becomes ready is forced through), or
                       backlog (more jobs come in than the workers take)
  --yes                answer every question by itself; exit 0 only if the API server's audit log
                       and every stand-in's record hold exactly what was expected
  --quiet              no guided incident: keep the platform running until Ctrl-C
  --fresh              discard the cluster, incidents and records of former starts
  --runbooks FOLDER    with runbooks of your own: worker, intake and commands know them
  --kubeconfig FILE    practise on a test cluster of your own (needs --platform): nothing is started or
  --platform FILE      applied there, and each namespace must have the label nqba-runbooks/practice=yes
  --help

Examples
  npm start
  npm start -- --yes
  npm start -- --scenario priority-class
  npm start -- --quiet        then, in another terminal: source .practice/env
  npm start -- --quiet --runbooks examples/crash-looping
`;

const dir = join(import.meta.dirname, '..', '.practice');
const say = (line: string) => console.log(line);

function options() {
  const flag = { type: 'boolean', default: false } as const;
  const file = { type: 'string' } as const;
  const values = read({
    yes: flag,
    quiet: flag,
    fresh: flag,
    help: flag,
    scenario: file,
    kubeconfig: file,
    platform: file,
    runbooks: file,
  });
  const { kubeconfig, platform } = values;
  if (kubeconfig === '' || platform === '') throw new LabError('--kubeconfig and --platform each need the name of a file.');
  if ((kubeconfig === undefined) !== (platform === undefined))
    throw new LabError('--kubeconfig and --platform go together: give both, or neither.');
  if (kubeconfig && values.yes)
    throw new LabError('--yes answers by itself, so it only runs on the platform that npm start makes: leave out --kubeconfig.');
  if (values.quiet && values.yes)
    throw new LabError('--yes answers the guided incident, and --quiet has none: leave one of them out.');
  const scenario = scenarioOf(values);
  if (values.runbooks !== undefined && !existsSync(values.runbooks))
    throw new LabError(`There is no folder ${values.runbooks}: --runbooks names the folder of your runbooks.`);
  return { ...values, scenario, ...(kubeconfig && platform && { own: { kubeconfig, platformFile: platform } }) };
}

function scenarioOf({ scenario, quiet, kubeconfig }: { scenario?: string; quiet: boolean; kubeconfig?: string }): Scenario {
  if (scenario !== undefined && quiet)
    throw new LabError('--scenario chooses the guided incident, and --quiet has none: leave one of them out.');
  const chosen = scenarioCalled(scenario);
  if (kubeconfig && chosen !== scenarios[0])
    throw new LabError(`--scenario ${chosen.name} breaks the platform that npm start makes: leave out --kubeconfig.`);
  return chosen;
}

function read<const O extends ParseArgsOptionsConfig>(options: O) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : reason(error)).split('. ');
    throw new LabError(`${what}: npm start -- --help shows what there is.`);
  }
}

async function main() {
  const { yes, quiet, fresh, help: wanted, own, scenario, runbooks } = options();
  if (wanted) return say(help);
  claim(dir);
  if (fresh) discard();
  if (own) await expectPracticeLabel(own);
  const obtaining = obtainAll(own ? ['temporal'] : binaryNames, say);
  // Whoever starts what could not be had says so.
  obtaining.catch(() => undefined);
  const starting = startPractice({ dir, say, peers: !own, ...(own && { own }), runbooks: runbooks && resolve(runbooks) });
  const practice = await meanwhile(starting, scenario.isRehearsed ? obtaining : Promise.resolve(), say);
  const stopped = interrupted();
  try {
    await (quiet ? runQuietly(stopped) : runGuided({ practice, yes, stopped, scenario }));
  } finally {
    await practice.stop();
  }
}

interface Running {
  practice: Practice;
  yes: boolean;
  stopped: Promise<void>;
  scenario: Scenario;
}

async function runGuided({ practice, yes, stopped, scenario }: Running) {
  const open = await unfinished(practice.environment);
  if (open && yes) throw new LabError(open);
  if (open) {
    say(open);
    return runQuietly(stopped);
  }
  const finished = await Promise.race([guide({ practice, yes, say, scenario }).then(() => true), stopped.then(() => false)]);
  if (yes && !finished) throw new LabError('Interrupted before everything was proven.');
  if (!yes) await stopped;
}

function runQuietly(stopped: Promise<void>) {
  say(`The practice platform runs. In another terminal:\n  source ${join(dir, 'env')}\nCtrl-C stops it.`);
  return stopped;
}

/** Everything but the claim on the folder. */
function discard() {
  for (const name of readdirSync(dir)) if (name !== 'main.pid') rmSync(join(dir, name), { recursive: true, force: true });
}

/** Settles at Ctrl-C, or when someone ends us. */
const interrupted = () =>
  new Promise<void>(settle => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => settle());
  });

try {
  await main();
  process.exit(0);
} catch (error) {
  const told = isFullDisk(error) ? fullDisk(dir) : error;
  if (!(told instanceof LabError)) throw told;
  console.error(told.message);
  process.exit(1);
}
