/**
 * Back to the revision that served healthily longest: `kubectl rollout undo`, never simply to the one before. Always asked. Twice
 * equals once: the whole pod template is stated, and an incident that has rolled back already writes nothing.
 */

import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Action, Setting } from '../engine/action.ts';
import { templateField } from '../engine/fields.ts';
import { keepTemplate, snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import { templateText } from '../engine/templates.ts';
import { toSet } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { allWorkloads, type Platform } from '../platform.ts';
import { lookAtRevisions, type RevisionView } from './revision-view.ts';
import { revisionToGoBackTo } from './back-to.ts';
import { type Candidate, named, servedText, whyNot } from './revisions.ts';
import { serving } from './serving.ts';

interface Which {
  workload: Workload;
}

const targets = (platform: Platform) => allWorkloads(platform).map(workloadTarget);

export const rollBack: Action<Which> = {
  name: 'rollBack',
  stays: true,
  run: (input, context) => runSetting(rollingBack, input, context),
  undo: restoring({
    targets,
    summary: 'The workload rolls forward to the revision that was left.',
    done: 'The revision that was left is back.',
  }),
};

const rollingBack: Setting<Which, RevisionView> = {
  name: 'rollBack',
  records: targets,
  look: ({ workload }, context) => lookAtRevisions(workload, context),
  async draft(view, _, { call, deps: { systems, now } }) {
    if (isBackAlready(view, incidentOf(call.key))) return [];
    const target = proposed(view, now());
    const { template } = view.deployment.spec;
    await keepTemplate(systems.artifacts, templateText(template), template);
    await keepTemplate(systems.artifacts, target.text, target.template);
    return toSet(view.now, { [templateField]: target.text }, { action: 'rollBack', key: call.key });
  },
  words(view, _, { deps }, writes) {
    const { name } = view.workload;
    const target = view.candidates.find(({ text }) => writes.some(({ edits }) => edits.some(({ after }) => after === text)));
    const revision = target ?? view.current;
    const to = revision ? named(revision) : 'the revision that was approved';
    return {
      summary: `${name} goes back to ${to}.`,
      consequences: [
        ...(target ? reasons(view, target, deps.now()) : []),
        ...(target ? goingBackToo(view, target) : []),
        'Database migrations are not rolled back.',
      ],
      done: `${name} is back at ${to}.`,
      nothing: { note: `${name} was rolled back already: nothing was changed.`, measured: true },
    };
  },
  asks: async () => 'People decide whether a release is rolled back.',
  measure: ({ workload }, _, context, { remarks }) => serving(workload, context, remarks),
};

const isBackAlready = ({ now }: RevisionView, wanted: string): boolean =>
  now.holders.some(({ incident, set }) => incident === wanted && set[templateField] === now.value(templateField));

/** @throws `Refused`, with all that there are */
function proposed(view: RevisionView, moment: number): Candidate {
  const found = revisionToGoBackTo(view, moment);
  if (!('none' in found)) return found;
  const { namespace, name } = view.workload;
  const byHand = `kubectl -n ${namespace} rollout undo deployment/${name} --to-revision=N`;
  const next = found.isOnly
    ? 'Nothing was changed.'
    : `Nothing was changed: choose one by hand (${byHand}), then answer done by hand.`;
  throw stopped('Refused', `${found.none}. ${next}`);
}

/** So many of the others are told. */
const mostTold = 5;

function reasons({ candidates }: RevisionView, target: Candidate, moment: number): string[] {
  const others = candidates.filter(one => one !== target).slice(0, mostTold);
  return [
    ...(target.served ? [`It served healthily for ${servedText(target.served, moment)}.`] : []),
    ...others.map(one => `Not ${named(one)}: ${whyNot(one)}.`),
    ...target.unread.map(what => `It could not be checked whether ${what} exists.`),
  ];
}

/** Settings of incidents in the pod template, which the whole template takes along. */
function goingBackToo({ deployment, now }: RevisionView, target: Candidate): string[] {
  const then = snapshotOf(now.target, { ...deployment, spec: { ...deployment.spec, template: target.template } });
  return now.holders.flatMap(({ incident, set }) =>
    Object.entries(set)
      .filter(([field, value]) => field !== templateField && value === now.value(field) && value !== then.value(field))
      .map(([field]) => `${field}, which ${incident} has set, goes back too: to ${then.value(field) ?? 'nothing'}.`),
  );
}
