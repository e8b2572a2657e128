// Takes each activity call out of a runbook, one at a time: a rehearsal must notice.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle } from '../../worker/bundle.ts';
import type { Call } from './calls.ts';
import type { Rehearsed } from './rehearsed.ts';
import { root } from './subjects.ts';
import { tryAll, type Verdicts } from './trials.ts';

export interface Taken extends Call {
  /** The test that fails without the call; nothing where all pass. */
  noticed: string | undefined;
}

/**
 * The calls in their order. Rejects when the tests fail though nothing is taken out.
 * @param verdicts learns each result as soon as it is there
 */
export async function takenOut({ slug, texts, calls, tests, skipped }: Rehearsed, verdicts: Verdicts): Promise<Taken[]> {
  const scratch = join(root.pathname, '.practice', `taken-out-${process.pid}-${slug}`);
  try {
    const bundle = await switchedBundle(scratch, texts);
    const addresses = tests.map(test => new URL(test, root).href);
    const mutants = calls.map(({ id }) => id);
    await tryAll([{ texts: {}, tests: addresses, mutants, atLoad: false, rehearsing: { bundle, skipped } }], verdicts);
    return calls.map(call => ({ ...call, noticed: verdicts.get(call.id) }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Made of a copy of the workflows, below the root, so that the installed packages are found. */
async function switchedBundle(scratch: string, texts: Record<string, string>): Promise<string> {
  const workflows = join(scratch, 'workflows');
  mkdirSync(scratch, { recursive: true });
  cpSync(new URL('workflows', root), workflows, { recursive: true });
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(scratch, file), text);
  const { code } = await makeBundle(workflows);
  const path = join(scratch, 'bundle.js');
  writeFileSync(path, code);
  return path;
}
