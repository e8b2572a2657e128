// Stands in for node:test while mutants are tried: the tests of all files are kept, and run as often as there are mutants.

interface Kept {
  name: string;
  body: () => unknown;
  /** Milliseconds; the quick ones go first. */
  took: number;
  /** Numbers of the calls of a runbook that it comes to. */
  reaches: Set<number>;
}

const kept: Kept[] = [];
const beforehand: (() => unknown)[] = [];
/** Titles of the suites around a test that is being kept. */
const suites: string[] = [];

export const test = (title: string, body: () => unknown) => {
  kept.push({ name: [...suites, title].join(' '), body, took: 0, reaches: new Set() });
};

export function describe(title: string, body: () => void) {
  suites.push(title);
  body();
  suites.pop();
}

/** Done once, without a mutant: a bundle is loaded there, and nothing is proved. */
export const before = (body: () => unknown) => {
  beforehand.push(body);
};

export const prepare = async () => {
  for (const body of beforehand) await body();
};

/** Leaves out tests whose full name is like one of these. */
export function leaveOut(patterns: RegExp[]) {
  const counting = kept.filter(({ name }) => !patterns.some(pattern => pattern.test(name)));
  kept.splice(0, kept.length, ...counting);
}

let running: Kept | undefined;

/** Noted for the test that runs. */
export const reach = (call: number) => running?.reaches.add(call);

export const reachingTo = (call: number) => kept.filter(({ reaches }) => reaches.has(call));

export const named = (names: Set<string>) => kept.filter(({ name }) => names.has(name));

/** The first test that fails, and why; nothing when all pass. */
export async function firstFailing(tests = kept): Promise<{ name: string; why: string } | undefined> {
  for (const one of tests) {
    const began = performance.now();
    running = one;
    try {
      await one.body();
    } catch (error) {
      return { name: one.name, why: error instanceof Error ? error.message : String(error) };
    }
    one.took = performance.now() - began;
  }
  return undefined;
}

export const quickFirst = () => kept.sort((one, other) => one.took - other.took);
