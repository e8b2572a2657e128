import { deadline, fieldsOf, minutesAfter, noticeOf, operation, windowAfter } from '../kit/index.ts';
import { ageOfKey } from './weekly-maintenance-window/key-age.ts';
import { mailTitle, publishNotice } from './weekly-maintenance-window/notice.ts';
import { readinessOf } from './weekly-maintenance-window/readiness.ts';

const tenMinutes = { every: '1 minute', for: '10 minutes', atLeast: 8 } as const;
const young = { youngerThan: 26 } as const;
const owner = 'operations';

/** Sundays, 02:00 to 04:00 UTC. Asked on Friday by day; where nothing is planned the window only checks. */
export const weeklyMaintenanceWindow = operation(
  'Weekly Maintenance Window',
  fieldsOf['weekly-maintenance-window'],
  async ({ phase, step, check, watch, task, ask }, { opensIn }, at, { pace }, { began, stateOf }) => {
    const window = windowAfter(at, pace, opensIn);
    const { opens, closes, words } = window;
    if (began >= closes) return `Refused: the window of ${words}, is over. Nothing was asked, checked or changed`;
    const noticeBy = deadline(window, 24, at);
    const notice = noticeOf(opens, noticeBy);
    const aged = ageOfKey({ check, task });
    const planned = await ask('Is anything planned?', ['yes', 'no'], {
      owner,
      otherwise: 'no',
      because: `The window is ${words}. Without an answer nothing is announced, and the window only checks.`,
      by: deadline(window, 26, at),
    });
    await aged;
    const notified = planned === 'yes' && (await publishNotice({ step, ask }, { window, by: noticeBy, inTime: notice }));

    const { found, saved } = await phase('Pre-maintenance Checklist', { from: window.checks, by: opens }, checklist);
    const sent = { isPublished: notified, mail: stateOf(mailTitle), inTime: notice };
    const { suggest, because } = readinessOf(found, planned === 'no' ? undefined : sent);
    if (planned === 'no') return suggest === 'go' ? 'Nothing was planned, and all checks are healthy' : leave(because);

    const go = await ask('Go or no-go?', ['go', 'no-go'], { owner, suggest, otherwise: 'no-go', because, by: opens });
    if (go === 'no-go') return callOff(because);

    // At its end the phase is overdue and over; what differs is compared once the work is.
    let working: Promise<void> | undefined;
    await phase('Maintenance window', { from: opens, by: closes, warn: window.warns }, () => {
      working = work();
      const silence = step('Silence planned alerts', { approver: owner, until: closes }).observe.silence({ alerts: 'planned' });
      return Promise.all([silence, working, backupsAgain()]);
    });
    await working;
    await step('Silence planned alerts: over', { approver: owner }).observe.silence({ alerts: 'none' });
    return phase('Compare after with before', compare);

    async function checklist() {
      const [backups, pods, nodes, queue, saved] = await Promise.all([
        check('Verify backup completion').database.backups(young),
        check('Check system health: pods').kubernetes.pods({ namespaces: 'all' }),
        check('Check system health: nodes').kubernetes.usage({ of: 'nodes', below: 0.8 }),
        check('Check quantum job queue').quantum.queue({ below: 20 }),
        check('Prepare rollback plan').kubernetes.saveManifests({}),
      ]);
      const ofPods = { 'Check system health: pods': pods, 'Check system health: nodes': nodes };
      const found = { 'Verify backup completion': backups, ...ofPods, 'Check quantum job queue': queue };
      return { found: { ...found, 'Prepare rollback plan': saved }, saved };
    }

    async function callOff(why: string) {
      const confirm = `Write to everyone who had the notice, by mail or on the status page: the maintenance of ${words} does not take place.`;
      // The mail has an approval of its own: it may be out though the status page had no notice.
      await task('Notify stakeholders: called off', { owner, confirm, blocks: false });
      return `Called off. ${why}`;
    }

    async function leave(doubts: string) {
      await task('Pre-maintenance Checklist: not healthy', { owner, confirm: doubts, blocks: false });
      return 'Nothing was planned';
    }

    function work() {
      const confirm = `The planned work is done, or undone: ${saved.evidence}`;
      return task('Maintenance window: the planned work', { owner, confirm, by: minutesAfter(closes, 240) });
    }

    /** The backup of the night begins as the window opens. */
    function backupsAgain() {
      return phase('Backup of the night', { from: window.backedUp }, async () => {
        const { verdict, evidence } = await check('Verify backup completion: of the night').database.backups(young);
        if (verdict === 'faulty') await task('The backup of the night failed', { owner, confirm: evidence, blocks: false });
      });
    }

    async function compare() {
      const digest = saved.facts?.digest;
      const nothing = { verdict: 'unknown', evidence: `There is nothing to compare with: ${saved.evidence}` } as const;
      const changed = digest
        ? await check('Compare after with before: manifests').kubernetes.compareManifests({ with: digest })
        : nothing;
      if (changed.verdict !== 'healthy')
        await task('Compare after with before: only what was planned', { owner, confirm: changed.evidence, blocks: false });
      const pods = await watch('Check system health: afterwards', tenMinutes).kubernetes.pods({ namespaces: 'all' });
      if (pods.verdict !== 'healthy') await task('Check system health', { owner, confirm: pods.evidence, blocks: false });
      if (notified) await task('Notify stakeholders: over', { owner, confirm: 'The maintenance is called over.', blocks: false });
      return `The window is over. ${changed.evidence}`;
    }
  },
);
