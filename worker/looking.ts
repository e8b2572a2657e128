import type { TrustedCheck } from './trusted-checks.ts';

const hour = 3_600_000;

/**
 * Runs, at start and every hour, the checks that opening an incident trusts: one that was never healthy here may look at the
 * wrong address, and mitigates nothing. What a check sees for the first time it keeps itself. Settles after the first look.
 */
export function keepLooking(checks: TrustedCheck[], say: (line: string) => void): Promise<void> {
  const look = async () => {
    for (const { name, look } of checks) {
      const { verdict, evidence } = await look();
      if (verdict !== 'healthy') say(`${name} is ${verdict}: ${evidence}`);
    }
  };
  const lookQuietly = () => look().catch(error => say(`The check failed: ${String(error)}`));
  setInterval(() => void lookQuietly(), hour).unref();
  return lookQuietly();
}
