/** Each comparison of a file turned, one after the other: which of them the simulation does not notice. */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeBundle } from '../../../worker/bundle.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { activityNames } from '../../../workflows/catalog/activities.ts';
import { type Mutant, mutated } from '../../mutation/mutants.ts';
import { root } from '../patched-copy.ts';
import { firstFound, type Hunt } from './bug.ts';
import type { Subject } from './subject.ts';

const comparison = /^(.*) (?:[<>]=?|[!=]==) (.*) → \1 (?:[<>]=?|[!=]==) \2$/;

export interface Turned {
  mutant: Mutant;
  hunt: Hunt;
}

/** @param file of the workflows, from the root of the repository */
export async function* turned(file: string, clean: Subject, seeds: number): AsyncGenerator<Turned> {
  const { text, mutants } = mutated(file, readFileSync(join(root, file), 'utf8'));
  const code = await bundled(file, text);
  for (const mutant of mutants.filter(({ change }) => comparison.test(change))) {
    const sandbox = await Sandbox.load(withOnly(mutant.id, code), activityNames);
    yield { mutant, hunt: await firstFound({ ...clean, sandbox }, clean, seeds) };
  }
}

async function bundled(file: string, text: string): Promise<string> {
  const scratch = join(root, '.practice', `turned-${process.pid}-${basename(file, '.ts')}`);
  try {
    mkdirSync(scratch, { recursive: true });
    cpSync(join(root, 'workflows'), join(scratch, 'workflows'), { recursive: true });
    writeFileSync(join(scratch, file), text);
    return (await makeBundle(join(scratch, 'workflows'))).code;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const withOnly = (mutant: number, code: string) =>
  code.replace(/globalThis\.mutant (===|!==) (\d+)/g, (_, is, id) => String((Number(id) === mutant) === (is === '===')));
