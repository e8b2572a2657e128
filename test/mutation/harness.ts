// Stands in for node:test while mutants are tried: the tests of all files are kept, and run as often as there are mutants.

interface Kept {
  name: string;
  body: () => unknown;
  /** Milliseconds; the quick ones go first. */
  took: number;
  /** How often it comes to each call of a runbook. */
  reaches: Map<number, number>;
}

const kept: Kept[] = [];
const beforehand: (() => unknown)[] = [];
/** Titles of the suites around a test that is being kept. */
const suites: string[] = [];

export const test = (title: string, body: () => unknown) => {
  kept.push({ name: [...suites, title].join(' '), body, took: 0, reaches: new Map() });
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
/** How often the test that runs has come to each call. */
let times = new Map<number, number>();

/** Noted for the test that runs. */
export const reach = (call: number) => times.set(call, (times.get(call) ?? 0) + 1);

/** Whether the test that runs comes to a call again and again: without it a search for the cause may never end. */
export const isEndless = (call: number) => (times.get(call) ?? 0) > 20 + 5 * (running?.reaches.get(call) ?? 0);

export const reachingTo = (call: number) => kept.filter(({ reaches }) => reaches.has(call));

export const named = (names: Set<string>) => kept.filter(({ name }) => names.has(name));

/**
 * The first test that fails, and why; nothing when all pass.
 * @param isLearning whether it is noted to which calls each comes: every call is in its place
 */
export async function firstFailing(tests = kept, isLearning = false): Promise<{ name: string; why: string } | undefined> {
  for (const one of tests) {
    const began = performance.now();
    [running, times] = [one, new Map()];
    try {
      await one.body();
    } catch (error) {
      return { name: one.name, why: error instanceof Error ? error.message : String(error) };
    }
    one.took = performance.now() - began;
    if (isLearning) one.reaches = times;
  }
  return undefined;
}

export const quickFirst = () => kept.sort((one, other) => one.took - other.took);
