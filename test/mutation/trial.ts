// The process that tries mutants: it loads the tests once, on files with all mutants in them, and runs them for one mutant after the other.
import { registerHooks } from 'node:module';
import { firstFailing, isEndless, leaveOut, named, prepare, quickFirst, reach, reachingTo } from './harness.ts';
import { type Job, job, type Rehearsing, type Said } from './job.ts';

const bundles = import.meta.resolve('../../worker/bundle.ts');
const switched = import.meta.resolve('./switched-bundle.ts');

process.once('message', message => {
  void tried(job.parse(message)).then(() => process.disconnect());
});

async function tried({ texts, tests, mutants, atLoad, rehearsing }: Job) {
  registerHooks({
    resolve(name, context, next) {
      const url = name === 'node:test' ? import.meta.resolve('./harness.ts') : name in texts ? name : undefined;
      if (url !== undefined) return { url, shortCircuit: true };
      const found = next(name, context);
      return rehearsing && found.url === bundles && context.parentURL !== switched ? { ...found, url: switched } : found;
    },
    load(url, context, next) {
      const source = texts[url];
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  if (rehearsing) await triedInRehearsals(tests, mutants, rehearsing);
  else await (atLoad ? triedAtLoad(tests, mutants) : triedInTurn(tests, mutants));
}

/** Only tests that come to a call are run without it: the others cannot notice. */
async function triedInRehearsals(tests: string[], calls: number[], { bundle, skipped }: Rehearsing) {
  let taken = 0;
  // A workflow's sandbox has globals of its own, but the URL of this process.
  const takesOut = (call: number) => {
    reach(call);
    if (call !== taken) return false;
    if (isEndless(call)) throw new Error('it comes here again and again');
    return true;
  };
  Object.defineProperty(URL, 'takesOut', { value: takesOut });
  const { useBundle } = await import('./switched-bundle.ts');
  useBundle(bundle);
  await loaded(tests).catch((error: unknown) => say({ broken: `the tests do not load: ${String(error)}` }));
  leaveOut(skipped.map(pattern => new RegExp(pattern)));
  await prepare();
  const began = performance.now();
  await withoutMutant(undefined, true);
  quickFirst();
  say({ allTake: performance.now() - began });
  const missed = new Set<string>();
  for (const call of calls) {
    taken = call;
    const failed = (await firstFailing(reachingTo(call)))?.name;
    if (failed !== undefined) missed.add(failed);
    say({ mutant: call, failed });
  }
  taken = 0;
  await withoutMutant(named(missed));
}

async function triedAtLoad(tests: string[], mutants: number[]) {
  for (const mutant of mutants) {
    choose(mutant);
    const failed = await loaded(tests).then(
      () => firstFailing(),
      error => ({ name: `it does not load: ${String(error)}` }),
    );
    say({ mutant, failed: failed?.name });
  }
}

async function triedInTurn(tests: string[], mutants: number[]) {
  await loaded(tests).catch((error: unknown) => say({ broken: `the tests do not load: ${String(error)}` }));
  await withoutMutant();
  quickFirst();
  const began = performance.now();
  await withoutMutant();
  say({ allTake: performance.now() - began });
  for (const mutant of mutants) {
    choose(mutant);
    say({ mutant, failed: (await firstFailing())?.name });
  }
  choose(0);
  await withoutMutant();
}

/** Before the first mutant and after the last: one that changed what outlives it would make all that follow look killed. */
async function withoutMutant(...which: Parameters<typeof firstFailing>) {
  const broken = await firstFailing(...which);
  if (broken !== undefined) say({ broken: `this test fails: ${broken.name}: ${broken.why}` });
}

async function loaded(tests: string[]) {
  for (const test of tests) await import(test);
}

const choose = (mutant: number) => Reflect.set(globalThis, 'mutant', mutant);
const say = (what: Said) => process.send?.(what);
