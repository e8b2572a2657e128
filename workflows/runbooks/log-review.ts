import { fieldsOf, operation } from '../kit/index.ts';
import { followUpsOf, resultOf } from './log-review/digest.ts';

/** The last day against the same hours of the week before. */
const aDay = { since: '24 hours', days: 7 } as const;

/** Daily at ten, in 30 minutes, for the operations team: reads only; each search with news becomes one follow-up. */
export const logReview = operation('Log Review', fieldsOf['log-review'], async ({ phase, check, task }) => {
  const found = await phase('Log Review', { by: '30 minutes' }, search);
  for (const { title, confirm } of followUpsOf(found)) await task(title, { owner: 'operations', confirm, blocks: false });
  return resultOf(found);

  async function search() {
    const [application, worker, quantum, ipfs, billing] = await Promise.all([
      check('Check application logs for errors').observe.logs({ ...aDay, workload: 'api', pattern: 'error' }),
      check('Check worker logs for failed jobs').observe.logs({ ...aDay, workload: 'worker', pattern: 'failed|error' }),
      check('Check quantum job logs').observe.logs({ ...aDay, pattern: ['quantum|dynex', 'error|fail'] }),
      check('Check IPFS logs').observe.logs({ ...aDay, pattern: ['ipfs', 'pin|fail'] }),
      check('Check billing logs').observe.logs({ ...aDay, pattern: 'billing|quota' }),
    ]);
    return { application, worker, quantum, ipfs, billing };
  }
});
