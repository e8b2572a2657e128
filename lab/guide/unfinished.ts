// A practice platform continues its incidents: the guide begins a new one only where none of a former start is open.
import { Temporal } from '../../client/temporal.ts';
import type { Environment } from '../practice/environment.ts';

/** What keeps the guide from beginning, as a sentence; nothing if it may. */
export async function unfinished(environment: Environment): Promise<string | undefined> {
  const temporal = new Temporal(environment);
  try {
    const [open] = await temporal.list();
    if (open === undefined) return undefined;
    const { name } = open;
    return `${name} of a former start is still open, so no other begins: see it through (source .practice/env; runbooks show ${name}), or start with --fresh.`;
  } finally {
    await temporal.close();
  }
}
