import { continueAsNew } from '@temporalio/workflow';
import { runbooks } from '../../catalog/index.ts';
import type { Alert, PlatformTimes, Report } from '../../contract/index.ts';
import { runCheck } from '../words/activities.ts';
import { askedFirst, isBelieved } from './corroboration.ts';
import { close } from './close.ts';
import { runLifecycle } from './lifecycle.ts';
import { handOn } from './next-incident.ts';
import { draftForThePublic, draftTheEnd, endDraftsByHand, leaveTheEnd } from './public-drafts.ts';
import { Incident, type Resumable, type Showing } from '../incident/incident.ts';
import { recoveryCriteria } from '../record/resume-from.ts';
import { startOf } from '../incident/start.ts';
import { lookAtTheEnd, ownCheck } from './resolution.ts';
import { couldNotCheck, restoring } from './standing.ts';
import { takeBackClearings } from '../words/take-back.ts';
import { withWorkloadOf } from '../words/of-the-alert.ts';
import { unending } from '../words/unending.ts';
import type { IncidentWords, Words } from '../words/words.ts';

/** Makes a workflow of a written runbook. It owns both ends: handlers before the body, the record after it. */
export function runbook(
  title: string,
  body: (words: Words, alert: Alert, platform: PlatformTimes) => Promise<unknown>,
): (show: Showing, ...args: unknown[]) => Promise<Report> {
  const { slug, severity, owner, recovery: criteria, incident: shared, drafts } = inCatalog(title);
  return async function conducted(show, ...args) {
    const start = startOf(args);
    const incident = new Incident({ title, runbook: slug, severity, owner }, start);
    const recovery = { ...criteria, input: withWorkloadOf(start.alert, criteria.input) };
    show(incident);
    const ownCheckNow = async (as: string, more: object = {}) => {
      const input = { ...recovery.input, ...more };
      const finding = await incident.tracked(() => runCheck(as, recovery.check, input)).catch(couldNotCheck);
      if (finding.verdict === 'faulty' && incident.state.paging.late) incident.record({ kind: 'confirmed' });
      return finding;
    };
    let isBegun = true;
    let hasReturned = false;
    return runLifecycle(incident, {
      // The symptom alone is checked: a change of ours may stand until Recovery rolls it back.
      beside: () => lookAtTheEnd(incident, () => ownCheckNow(ownCheck, { symptom: true })),
      body: async speaker => {
        const asked = askedFirst(incident, start.alert, recovery);
        isBegun = asked === undefined || (await isBelieved(incident, start.alert, asked));
        if (!isBegun) return;
        const words = unending(speaker);
        await Promise.all([body(words, start.alert, start.platform), draftForThePublic(incident, words, drafts)]);
        hasReturned = true;
      },
      closing: async speaker => {
        if (!isBegun) {
          incident.record({ kind: 'over' });
          return 'symptom not confirmed';
        }
        // First: the end of the alert withdraws what a body asks.
        if (!incident.state.replay.bodyEnded) incident.record({ kind: 'body ended' });
        await (hasReturned ? draftTheEnd : endDraftsByHand)(incident, unending(speaker), drafts);
        const outcome = await close(incident, () => ownCheckNow(recoveryCriteria));
        incident.record({ kind: 'over' });
        await speaker.endWhatIsLeft();
        await takeBackClearings(incident);
        return outcome;
      },
      handOn: () => handOn(incident, { slug, incident: shared }),
      tell: (speaker, outcome) => {
        leaveTheEnd(incident);
        return tellThatItIsOver(incident, speaker, outcome);
      },
      rollOver: resumed => continueAsNew<(start: Resumable) => Promise<Report>>({ ...incident.start, resumed }),
    });
  };
}

/** However it ends, responders are told: as resolved only when that was measured, and with what still stands. */
function tellThatItIsOver(incident: Incident, { step }: IncidentWords, outcome: string) {
  const { recovery, standing = [] } = incident.state;
  const left = standing.length > 0 ? `. Still standing: ${standing.join('; ')}. ${restoring(incident)}` : '';
  return step('Announce the resolution').comms.resolveIncident(
    outcome === 'recovered' ? { summary: recovery?.evidence ?? '' } : { summary: `${outcome}${left}`, resolved: false },
  );
}

function inCatalog(title: string) {
  const entry = runbooks.find(written => written.title === title);
  if (entry === undefined) throw new Error(`The catalog has no runbook called ${title}`);
  const { slug, severity, owner, recovery, incident, drafts } = entry;
  if (recovery === undefined) throw new Error(`The catalog has no recovery check for ${title}: add one`);
  return { slug, severity, owner, recovery, incident, drafts };
}
