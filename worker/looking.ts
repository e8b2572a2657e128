import type { Activities } from '../activities/index.ts';

const hour = 3_600_000;

/**
 * Runs, at start and every hour, the checks that opening an incident trusts: one that was never healthy here may look at the
 * wrong address, and mitigates nothing. What a check sees for the first time it keeps itself. Settles after the first look.
 */
export function keepLooking(
  { quantum, observe }: Pick<Activities, 'quantum' | 'observe'>,
  say: (line: string) => void,
): Promise<void> {
  const look = async () => {
    const found = {
      Dynex: await quantum.probeDynex({}),
      'The status page of Dynex': await quantum.dynexStatus({}),
      'The Dynex key': await quantum.dynexKey({}),
      'The NQBA API': await observe.probe({ url: 'api' }),
    };
    for (const [name, { verdict, evidence }] of Object.entries(found))
      if (verdict !== 'healthy') say(`${name} is ${verdict}: ${evidence}`);
  };
  const lookQuietly = () => look().catch(error => say(`The check failed: ${String(error)}`));
  setInterval(() => void lookQuietly(), hour).unref();
  return lookQuietly();
}
