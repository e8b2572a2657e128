/** How one examination becomes lines: in time, and a failure as a fault with its fix. */

import { fault, fine, type Line, warning } from '../../activities/connectors/line.ts';
import { quoted, SystemError } from '../../activities/connectors/system-error.ts';
import { policyFor } from '../../activities/failures.ts';

export { fault, fine, type Line, warning };

/** Milliseconds for one look, however many calls it makes: more than the slowest of them. */
const longest = 45_000;

/**
 * The lines of a check; one that fails, or takes too long, is a fault of its own.
 * @param where the field of the platform description that named what was looked for
 */
export async function looked(check: string, look: () => Promise<Line | Line[]>, where?: string): Promise<Line[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Line>(settle => {
    const line = fault(check, `took longer than ${longest / 1000} s.`, 'Check its address and the network.');
    timer = setTimeout(() => settle(line), longest);
  });
  try {
    return [await Promise.race([look(), late])].flat();
  } catch (error) {
    return [explained(check, error, where)];
  } finally {
    clearTimeout(timer);
  }
}

/** For what no incident needs to run: one that fails is a warning, never silence. */
export const lookedIfAnswered = (check: string, look: () => Promise<Line[]>): Promise<Line[]> =>
  looked(check, () =>
    look().catch((error: unknown) => {
      if (error instanceof SystemError) return [warning(check, `not checked: ${error.message}.`)];
      throw error;
    }),
  );

function explained(check: string, error: unknown, where: string | undefined): Line {
  if (!(error instanceof SystemError)) return fault(check, quoted(String(error)), 'Report this: the doctor did not expect it.');
  if (where && error.status === 404) return fault(check, 'does not exist.', `Correct ${where} in the platform description.`);
  return fault(check, `${said(check, error)}.`, fixing(error));
}

/** The advice of the activities, but nothing waits for a retry here. */
const fixing = (error: SystemError) => policyFor(error).next.replace(/, then retry\.$/, '.');

/** Its name is not said twice. */
const said = (check: string, { system, message }: SystemError) => (system === check ? message.slice(system.length + 1) : message);
