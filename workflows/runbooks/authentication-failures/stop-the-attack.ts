import type { Words } from '../../kit/index.ts';
import type { AccessFindings } from './cause.ts';

/** As the check freezes them for this runbook. */
export const loginSources = 'login sources';

const limited = {
  owner: 'security',
  confirm:
    'Logins are limited to ten in five minutes and address for an hour, health checks and agreed addresses exempt, or the log has no addresses of clients',
  by: '30 minutes',
} as const;
const blocked = {
  owner: 'security',
  confirm:
    'The sources that the check froze are blocked for a day, and an account of ours still logs in; or they are shared by good customers',
} as const;
const challenged = {
  owner: 'security',
  confirm: 'Sources that are not blocked meet a challenge on login routes, or nothing before the platform can challenge',
} as const;
const thresholds = {
  owner: 'security',
  confirm: 'The lock per address is longer and attempts are slower: no account may be tried more often than now',
} as const;

/** Login routes are essential, and no action of ours limits those: people do, and what does not answer in half an hour holds nothing. */
export const slowDown = ({ task }: Pick<Words, 'task'>) => task('Implement Rate Limiting', limited);

const bySecurity = { approver: 'security', until: '24 hours' } as const;

/** Without a list there is nothing to block by it: the log has no addresses of clients, or no rule about addresses hits. */
export async function stopTheAttack({ step, task }: Pick<Words, 'step' | 'task'>, abuse?: AccessFindings['abuse']) {
  if (abuse?.facts?.sources) await step('Implement IP blocking', bySecurity).gateway.blockSources({ list: loginSources });
  else await task('Implement IP blocking: by hand', blocked);
  await task('Increase account lockout thresholds', thresholds);
  await task('Add CAPTCHA for suspicious IPs', challenged);
}
