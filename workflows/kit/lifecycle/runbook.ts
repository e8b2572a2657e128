import { continueAsNew } from '@temporalio/workflow';
import { runbooks } from '../../catalog/index.ts';
import type { Alert, Finding, Report } from '../../contract/index.ts';
import { failureOf } from '../words/acting.ts';
import { runCheck } from '../words/activities.ts';
import { isBelieved, isBelievedAtOnce } from './corroboration.ts';
import { close } from './close.ts';
import { runLifecycle } from './lifecycle.ts';
import { Incident, type Resumable, type Showing } from '../incident/incident.ts';
import { recoveryCriteria } from '../record/resume-from.ts';
import { lookAtTheEnd, ownCheck } from './resolution.ts';
import { takeBackClearings } from '../words/take-back.ts';
import { unending } from '../words/unending.ts';
import type { IncidentWords, Words } from '../words/words.ts';

/** Makes a workflow of a written runbook. It owns both ends: handlers before the body, the record after it. */
export function runbook(
  title: string,
  body: (words: Words, alert: Alert) => Promise<unknown>,
): (start: Resumable, show?: Showing) => Promise<Report> {
  const { slug, severity, recovery } = inCatalog(title);
  return function conducted(start, show) {
    const incident = new Incident({ title, runbook: slug, severity }, start);
    show?.(incident);
    const ownCheckNow = (as: string, more: object = {}) =>
      incident.tracked(() => runCheck(as, recovery.check, { ...recovery.input, ...more })).catch(couldNotCheck);
    let isBegun = true;
    return runLifecycle(incident, {
      // What we changed may still stand: Recovery rolls it back.
      beside: () => lookAtTheEnd(incident, () => ownCheckNow(ownCheck, { symptom: true })),
      body: async speaker => {
        isBegun = isBelievedAtOnce(start.alert) || (await isBelieved(incident, start.alert));
        if (isBegun) await body(unending(speaker), start.alert);
      },
      closing: async speaker => {
        if (!isBegun) return 'alert without symptom';
        const outcome = await close(incident, () => ownCheckNow(recoveryCriteria));
        await Promise.all(speaker.unfinished);
        await takeBackClearings(incident);
        return outcome;
      },
      tell: (speaker, outcome) => tellThatItIsOver(incident, speaker, outcome),
      rollOver: resumed => continueAsNew<(start: Resumable) => Promise<Report>>({ ...incident.start, resumed }),
    });
  };
}

const couldNotCheck = (error: unknown): Finding => ({
  verdict: 'unknown',
  evidence: `could not look: ${failureOf(error).message}`,
});

/** However it ends, responders are told: as resolved only when that was measured. */
const tellThatItIsOver = ({ state: { recovery } }: Incident, { step }: IncidentWords, outcome: string) =>
  step('Tell that it is over').comms.resolveIncident(
    outcome === 'recovered' ? { summary: recovery?.evidence ?? '' } : { summary: outcome, resolved: false },
  );

function inCatalog(title: string) {
  const entry = runbooks.find(written => written.title === title);
  if (entry === undefined) throw new Error(`The catalog has no runbook called ${title}`);
  const { slug, severity, recovery } = entry;
  if (recovery === undefined) throw new Error(`The catalog does not say which check ends ${title}: give it a recovery`);
  return { slug, severity, recovery };
}
