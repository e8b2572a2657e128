/** Checks that an incident repeats by itself: a step for each change of verdict, so that a week of them stays readable. */

import type { Finding } from '../../contract/index.ts';
import { mostChecks } from '../record/bounds.ts';
import { keyPart } from '../record/keys.ts';
import type { Incident } from './incident.ts';

/** Notes what was found: in the latest step of the title where the verdict is the same, else in a new one. */
export function noteCheck(incident: Incident, title: string, { verdict, evidence }: Finding) {
  const before = incident.state.steps.filter(step => step.title === title);
  const latest = before.at(-1);
  const isSame = latest?.state === verdict || before.length >= mostChecks;
  const key = latest && isSame ? latest.key : `${incident.id}/${keyPart(title)}/${before.length + 1}`;
  if (key !== latest?.key) incident.record({ kind: 'step began', key, title, phase: '' });
  incident.record({ kind: 'step settled', key, state: verdict, because: evidence, evidence });
}
