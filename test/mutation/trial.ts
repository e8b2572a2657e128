// The process that tries mutants: it loads the tests once, on files with all mutants in them, and runs them for one mutant after the other.
import { registerHooks } from 'node:module';
import { firstFailing, quickFirst } from './harness.ts';
import { type Job, job, type Said } from './job.ts';

process.once('message', message => {
  void tried(job.parse(message)).then(() => process.disconnect());
});

async function tried({ texts, tests, mutants, atLoad }: Job) {
  registerHooks({
    resolve(name, context, next) {
      const url = name === 'node:test' ? import.meta.resolve('./harness.ts') : name in texts ? name : undefined;
      return url === undefined ? next(name, context) : { url, shortCircuit: true };
    },
    load(url, context, next) {
      const source = texts[url];
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  await (atLoad ? triedAtLoad(tests, mutants) : triedInTurn(tests, mutants));
}

async function triedAtLoad(tests: string[], mutants: number[]) {
  for (const mutant of mutants) {
    choose(mutant);
    const failed = await loaded(tests).then(firstFailing, error => `it does not load: ${String(error)}`);
    say({ mutant, ...(failed !== undefined && { failed }) });
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
    const failed = await firstFailing();
    say({ mutant, ...(failed !== undefined && { failed }) });
  }
  choose(0);
  await withoutMutant();
}

/** Before the first mutant and after the last: one that changed what outlives it would make all that follow look killed. */
async function withoutMutant() {
  const broken = await firstFailing();
  if (broken !== undefined) say({ broken: `this test fails: ${broken}` });
}

async function loaded(tests: string[]) {
  for (const test of tests) await import(test);
}

const choose = (mutant: number) => Reflect.set(globalThis, 'mutant', mutant);
const say = (what: Said) => process.send?.(what);
