// Takes each activity call out of a runbook, one at a time in a copy of the product: a rehearsal must notice.
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from '../../worker/bundle.ts';
import { copy } from '../support/patched-copy.ts';
import { type Call, without } from './calls.ts';
import { type Rehearsed, skipped } from './rehearsed.ts';
import { firstFailure, noneRun } from './running.ts';
import { root } from './subjects.ts';

const folders = ['workflows', 'activities', 'client', 'worker', 'test', 'lab', 'docs', 'deploy', 'examples'];
const files = [
  'package.json',
  'package-lock.json',
  'platform.json',
  'platform.schema.json',
  'roles.schema.json',
  'tsconfig.json',
];

/** Milliseconds: a file that takes ten times as long as with every call, and at least this, never ends. */
const least = 60_000;

export interface Taken extends Call {
  /** The test that fails without the call; nothing where all pass. */
  noticed: string | undefined;
}

/** A test file, and how long it takes, in milliseconds. */
type Timed = { file: string; took: number };

/** The calls in their order. Rejects when the tests fail though nothing is taken out. @param done told after each call */
export async function takenOut({ slug, texts, calls, tests }: Rehearsed, done: (taken: Taken) => void): Promise<Taken[]> {
  const lanes = Math.max(1, Math.min(availableParallelism(), calls.length));
  const copies = Array.from({ length: lanes }, (_, lane) => copied(`${slug}-${lane}`));
  try {
    const [first = '', ...others] = copies;
    const bundle = await switchedBundle(first, texts);
    const timed = await timesOf(tests, first, skipped(slug));
    for (const other of others) cpSync(cacheIn(first), cacheIn(other), { recursive: true });
    const waiting = calls.entries();
    const taken: Taken[] = [];
    const lane = async (folder: string) => {
      for (const [index, call] of waiting) {
        for (const kept of globSync(join(cacheIn(folder), '*.js'))) writeFileSync(kept, without(bundle, call));
        taken[index] = { ...call, noticed: await firstOf(timed, folder, skipped(slug)) };
        done(taken[index]);
      }
    };
    await Promise.all(copies.map(lane));
    return taken;
  } finally {
    for (const folder of copies) rmSync(folder, { recursive: true, force: true });
  }
}

/** Below the root, so that the installed packages are found. */
function copied(name: string): string {
  const scratch = join(root.pathname, '.practice', `taken-out-${process.pid}-${name}`);
  copy(scratch, folders);
  for (const file of files) cpSync(new URL(file, root), join(scratch, file));
  return scratch;
}

/** The bundle of the copy's sources is kept here; they stay as they are, so that it is taken for theirs. */
const cacheIn = (folder: string) => join(folder, 'node_modules', '.cache', 'nqba-runbooks');

async function switchedBundle(folder: string, texts: Record<string, string>): Promise<string> {
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
  const { code } = await makeBundle(join(folder, 'workflows'));
  for (const file of Object.keys(texts)) writeFileSync(join(folder, file), readFileSync(new URL(file, root)));
  return code;
}

/** The quick ones first; without those that only mention the runbook. */
async function timesOf(tests: string[], folder: string, skip: RegExp[]): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const file of tests) {
    const began = Date.now();
    const broken = await firstFailure(file, { folder, skipped: skip, within: 10 * least });
    if (broken === noneRun) continue;
    if (broken !== undefined) throw new Error(`with every call in its place ${file} fails: ${broken}`);
    timed.push({ file, took: Date.now() - began });
  }
  if (timed.length === 0) throw new Error(`no test rehearses it: ${tests.join(', ')}`);
  return timed.toSorted((one, other) => one.took - other.took);
}

async function firstOf(timed: Timed[], folder: string, skip: RegExp[]): Promise<string | undefined> {
  for (const { file, took } of timed) {
    const failed = await firstFailure(file, { folder, skipped: skip, within: Math.max(least, 10 * took) });
    if (failed !== undefined) return failed;
  }
  return undefined;
}
