// Runs one test file in a folder of its own until its first failure.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Running {
  /** The copy of the product that the file is run in. */
  folder: string;
  /** Full names of tests, behind those of their suites, that do not count. */
  skipped: RegExp[];
  /** Milliseconds after which a file that does not end has failed. */
  within: number;
}

/** All tests of the file were skipped. */
export const noneRun = 'none of its tests was run';

/** The name of the test that fails, or how the file ended otherwise; nothing when all pass. */
export async function firstFailure(file: string, { folder, skipped, within }: Running): Promise<string | undefined> {
  const skip = skipped.map(pattern => `--test-skip-pattern=${String(pattern)}`);
  const quiet = ['--disable-warning=ExperimentalWarning', '--test-reporter=tap'];
  const child = spawn(process.execPath, [...quiet, ...skip, file], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  let [failure, passed]: [string | undefined, number] = [undefined, 0];
  const tooLong = setTimeout(() => {
    failure ??= 'it never ended';
    child.kill('SIGKILL');
  }, within);
  for await (const line of createInterface({ input: child.stdout })) {
    passed = Number(/^# pass (\d+)$/.exec(line)?.[1] ?? passed);
    const [, name] = /^\s*not ok \d+ - (.*)$/.exec(line) ?? [];
    if (name === undefined || failure !== undefined) continue;
    failure = name;
    child.kill('SIGKILL');
  }
  const code = await ended;
  clearTimeout(tooLong);
  if (failure !== undefined) return failure;
  if (code !== 0) return `its process ended with ${code}`;
  return passed > 0 ? undefined : noneRun;
}
