import { rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { copy, patchedCopy, root } from '../patched-copy.ts';
import { planted } from './planted.ts';
import { misfit, plant } from './planting.ts';
import { simulate, type Simulated } from './simulate.ts';
import { type Subject, subject } from './subject.ts';

/** What became of a planted bug. */
export type Hunt = { found: Simulated } | { notFound: number } | { doesNotWork: string };

const folders = ['workflows', 'activities', 'client'];

/** Plants a bug, by its name or a patch, in a scratch copy, and looks for a seed that is clean without it and breaks a named invariant with it. */
export async function hunt(bug: string, clean: Subject, seeds = 500): Promise<Hunt> {
  // A module is loaded once from each path.
  const scratch = join(root, '.practice', `bug-${process.pid}-${basename(bug).replaceAll(' ', '-')}`);
  try {
    const buggy = await withBug(bug, scratch);
    return typeof buggy === 'string' ? { doesNotWork: buggy } : await firstFound(buggy, clean, seeds);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function withBug(bug: string, scratch: string): Promise<Subject | string> {
  const named = planted[bug];
  const fault = named ? (misfit(named) ?? planting(named, scratch)) : patchedCopy(resolve(bug), scratch, folders);
  if (fault !== undefined) return fault;
  return subject(scratch).catch(
    error => `what it makes does not compile: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function planting(bug: (typeof planted)[string], scratch: string): undefined {
  copy(scratch, folders);
  plant(bug, scratch);
}

export async function firstFound(buggy: Subject, clean: Subject, seeds: number): Promise<Hunt> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const found = await simulate(buggy, seed);
    if (found.violation && !(await simulate(clean, seed)).violation) return { found };
  }
  return { notFound: seeds };
}
