/**
 * The public page's state of a component. Held and observed like a change of the platform: customers read it.
 * Twice equals once: one status page incident an incident, and what stands there already is not published again.
 */

import type { Publication } from '../connectors/statuspage.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import type { Values } from '../engine/holders.ts';
import { runSetting } from '../engine/run-setting.ts';
import { type IsMine, toLetGo, toSet, type Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { claimOf, isDrafted, publicText, sameButNumbers, statesShare, type TextName } from '../messages/texts.ts';
import type { Platform } from '../platform.ts';
import { refuseUnfounded, shareNow, unmeasured } from './claims.ts';
import { componentName, type Page, pageFor, pageTarget, type PageView } from './page-target.ts';
import { othersWith, stayers, withdrawal } from './withdrawal.ts';

export type ComponentStatus = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage';

export interface StatusPageInput {
  /** As the platform description calls it. */
  component: string;
  status: ComponentStatus;
  text: TextName;
  /** Measured part of the jobs, 0 to 1, for texts that state one; what is published is measured again then. */
  share?: number;
}

export const setStatusPage: Action<StatusPageInput> = {
  name: 'setStatusPage',
  byHand: (input, { platform, systems }) =>
    systems.statuspage && platform.statusPage.components[input.component]
      ? undefined
      : {
          byHand: {
            system: 'status page',
            paste: `${componentName(platform, input.component)}: ${input.status}\n${textOf(input, platform).body}${ifSo(input.text)}`,
            ...(systems.statuspage && {
              because: `statusPage.components of the platform description names no ${input.component}`,
            }),
          },
        },
  async run(input, context) {
    if (statesShare(input.text) && input.share === undefined)
      throw stopped('BadInput', `The text ${input.text} states a measured share, but no share was measured: measure first.`);
    const { deps, call } = context;
    const { statuspage, artifacts } = deps.systems;
    if (!statuspage) throw notConnected('The status page', 'STATUSPAGE_API_KEY');
    const share = await shareNow(input.text, deps);
    const { subject, body } = textOf({ ...input, share: share ?? input.share }, deps.platform);
    const isTrue = once(async () => {
      if (statesShare(input.text) && share === undefined) throw unmeasured(input.text);
      await refuseUnfounded(input.text, deps, call.key, input.component);
    });
    const incident = incidentOf(call.key);
    const about = { statuspage, artifacts, platform: deps.platform, incident, subject, body };
    const page = pageFor({ ...about, stage: isOpen => stageOf(input, isOpen), mayPublish: isTrue });
    const systems = { ...context.systems, 'status page': page };
    return runSetting(publishing(page, body, isTrue), input, { ...context, systems });
  },
  undo: withdrawal,
};

/** Measured once for each try, right before it is asked or published. */
function once(measure: () => Promise<void>): () => Promise<void> {
  let measured: Promise<void> | undefined;
  return () => (measured ??= measure());
}

/** Whoever publishes it by hand should know what it claims. */
export const ifSo = (text: TextName) => (claimOf(text) === 'nothing' ? '' : '\n\n(Publish this only while it is true.)');

/** @param isTrue throws where what the text claims is not so */
const publishing = (page: Page, body: string, isTrue: () => Promise<void>): Setting<StatusPageInput, PageView> => ({
  name: 'setStatusPage',
  records: (platform, input) => [pageTarget(componentName(platform, input.component))],
  look: (input, { deps }) => page.view(pageTarget(componentName(deps.platform, input.component))),
  draft: (view, input, context) =>
    input.status === 'operational' ? ended(view, body, context) : told(view, input, body, context),
  words: ({ incident, now }, input, { deps, call }) => {
    const stays = input.status === 'operational' ? stayers(now, ofIncident(call.key)) : [];
    return {
      summary: `${textOf(input, deps.platform).subject}.`,
      consequences: [`Customers read it, and subscribers get a mail (${stageOf(input, incident !== undefined)}).`, ...stays],
      done: ['Status page updated.', ...stays].join(' '),
      nothing: { note: 'The status page shows this already.', measured: false },
    };
  },
  async asks(_, { text }) {
    if (!isDrafted(text)) return undefined;
    await isTrue();
    return 'People decide what the public page shows about an outage.';
  },
  async preconditions() {
    await isTrue();
    return [];
  },
  measure: async () => ({ measured: 'nothing to measure', text: 'Published; not yet read back.' }),
});

/** Nothing where the page says this in this state now; another number is no news. What was said in between is not true any more. */
function told(
  { component, incident, now }: PageView,
  { status }: StatusPageInput,
  body: string,
  { call }: ActionContext,
): Write[] {
  const [newest] = incident?.texts ?? [];
  if (component.status === status && newest !== undefined && sameButNumbers(newest, body)) return [];
  return toSet(now, { status, text: body }, { action: 'setStatusPage', key: call.key, recording: 'of the incident' });
}

const ofIncident =
  (key: string): IsMine =>
  ({ incident }) =>
    incident === incidentOf(key);

/** With the last text of an incident its record is let go. The status waits for the last incident that holds it. */
function ended({ incident, now }: PageView, body: string, { call: { key } }: ActionContext): Write[] {
  const [letGo] = toLetGo(now, ofIncident(key), key);
  const says: Values = {};
  if (othersWith(now, ofIncident(key)).length === 0) says.status = 'operational';
  if (incident) says.text = body;
  const [said] = toSet(now, says, { action: 'setStatusPage', key, recording: 'none' });
  const write = said ?? letGo;
  return write ? [{ ...write, edits: said?.edits ?? [], records: letGo?.records ?? {} }] : [];
}

type Said = Omit<StatusPageInput, 'share'> & { share?: number | undefined };

const textOf = (input: Said, platform: Platform) => publicText(input.text, componentName(platform, input.component), input.share);

/** Statuspage's own words for how far an incident has come. */
function stageOf({ status, text }: Pick<StatusPageInput, 'status' | 'text'>, isOpen: boolean): Publication['status'] {
  if (status === 'operational') return 'resolved';
  return ['degraded', 'investigating', 'outage'].includes(text) && !isOpen ? 'investigating' : 'identified';
}
