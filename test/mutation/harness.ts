// Stands in for node:test while mutants are tried: the tests of all files are kept, and run as often as there are mutants.

interface Kept {
  name: string;
  body: () => unknown;
  /** Milliseconds; the quick ones go first. */
  took: number;
}

const kept: Kept[] = [];

export const test = (name: string, body: () => unknown) => {
  kept.push({ name, body, took: 0 });
};

/** The first test that fails, with why; nothing when all pass. */
export async function firstFailing(): Promise<string | undefined> {
  for (const one of kept) {
    const began = performance.now();
    try {
      await one.body();
    } catch (error) {
      return `${one.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
    one.took = performance.now() - began;
  }
  return undefined;
}

export const quickFirst = () => kept.sort((one, other) => one.took - other.took);
