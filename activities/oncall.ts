/** Waking people. */

import { type Call, type Outcome, type Role, type Unreached, unreachedText } from '../workflows/contract/index.ts';
import { sha256 } from './connectors/artifacts.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { crossing, failure, policyFor } from './failures.ts';
import { incidentOf } from './guard.ts';
import { incidentLink } from './links.ts';
import { aboutOf, paged, pagedByHand } from './messages/incident.ts';
import { whoHasIt } from './messages/reached.ts';
import { acknowledgeTaken, dedupKeyOf, faultOf, keepTaken, readTaken, type Taken } from './paged.ts';
import { nobody, type OnCall } from './people.ts';
import { type Before, confirmed, statesBefore, unconfirmed } from './page-states.ts';
import {
  type Attempt,
  chainOf,
  reach,
  type Reached,
  type Recipient,
  recipientsOf,
  unreachedAs,
  type Way,
  wayId,
  working,
} from './reaching.ts';

/**
 * `because`: why these are paged too; `again`: which page of the escalation it is, as PagerDuty would not wake anyone for one it knows;
 * `unlessAcknowledged`: not if someone has acknowledged the pages before it where they were sent.
 */
export interface PageInput {
  roles: Role[];
  because?: string | undefined;
  again?: number;
  unlessAcknowledged?: true | undefined;
}

export const oncallActivities = (deps: Deps) => ({
  /**
   * One page for each address that the roles come to, however many of them share it; the next of a role where no one is reached.
   * Twice equals once: the dedup_key is the incident and the address, and for a page of the escalation which one it is.
   */
  page: crossing(async (input: PageInput, call: Call): Promise<Outcome> => {
    const { roles, because: why } = input;
    const { onCall, note } = (await deps.rota?.()) ?? { onCall: nobody };
    const chains = chainsOf(deps, onCall, roles);
    if ([...chains.values()].every(chain => chain.length === 0)) {
      const paste = pagedByHand(roles, aboutOf(call.about, incidentOf(call.key)), why);
      const unreached = lacking(deps, onCall, chains);
      const because = [whoLacks(unreached), note].filter(Boolean).join(' ');
      return { byHand: { system: 'PagerDuty', paste, unreached, ...(because && { because }) } };
    }
    if (call.dryRun) return wouldPage(roles);
    const page = { incident: incidentOf(call.key), again: input.again };
    const before: Before = input.unlessAcknowledged ? await statesBefore(deps, page) : {};
    const { acknowledgedBy, unreachable } = before;
    if (acknowledgedBy !== undefined) return notNeeded(acknowledgedBy);
    const reached = await pageAll(deps, chains, input, call);
    const unreached = lacking(deps, onCall, chains);
    return accepted(reached, { notes: [note, before.note], unreached }, async () =>
      unreachable ? unconfirmed(unreachable) : confirmed(deps, page, waysOf(reached)),
    );
  }),

  /** Of an incident, by its id. Twice equals once: an acknowledged page stays acknowledged. */
  acknowledgePages: crossing(
    async ({ incident }: { incident: string }): Promise<{ pages: number }> => ({ pages: await acknowledgeTaken(deps, incident) }),
  ),
});

/** The people that each role would page now. */
function chainsOf({ systems, platform, now }: Deps, onCall: OnCall, roles: Role[]): Map<Role, Recipient[]> {
  const at = new Date(now());
  return new Map(roles.map(role => [role, chainOf(working(systems, recipientsOf(platform, onCall, role)), at)]));
}

/** Roles that have no one to page now. */
const lacking = ({ systems, platform, now }: Deps, onCall: OnCall, chains: Map<Role, Recipient[]>): Unreached[] =>
  [...chains]
    .filter(([, chain]) => chain.length === 0)
    .map(([role]) => unreachedAs(role, systems, recipientsOf(platform, onCall, role), new Date(now())));

/** The pager is not what lacks where people have hours. */
const whoLacks = (unreached: Unreached[]) =>
  unreached.some(({ because }) => because === 'no hours now') && `no one can be paged now: ${unreachedText(unreached)}`;

/** Walks every role's chain at once; each address is written to once, however many roles come to it. */
async function pageAll(
  deps: Deps,
  chains: Map<Role, Recipient[]>,
  { because, again }: PageInput,
  call: Call,
): Promise<Reached[]> {
  const { artifacts } = deps.systems;
  const page = { incident: incidentOf(call.key), again };
  const taken = await readTaken(artifacts, page).catch((): Taken[] => []);
  const about = aboutOf(call.about, page.incident);
  const link = incidentLink(deps, about);
  const trigger = async (way: Way) => {
    if (taken.some(one => wayId(one) === wayId(way) && one.key === call.key)) return;
    const told = paged(rolesBy(chains, way), about, because);
    await deps.systems[way.by]?.trigger({ to: way.to, dedupKey: dedupKeyOf(page, way), ...told, ...(link && { link }) });
  };
  const sent = new Map<string, Promise<SystemError | undefined>>();
  const once = (way: Way) => {
    const answer = sent.get(wayId(way)) ?? faultOf(trigger(way));
    sent.set(wayId(way), answer);
    return answer;
  };
  const walks = [...chains].map(async ([role, chain]) => ({ role, attempts: await reach(chain, once, deps.sleep) }));
  const reached = await Promise.all(walks);
  await keepTaken(artifacts, page, [...taken, ...reached.flatMap(({ attempts }) => takenBy(attempts, call.key))]);
  return reached;
}

const rolesBy = (chains: Map<Role, Recipient[]>, way: Way): Role[] =>
  [...chains].flatMap(([role, chain]) => (chain.some(({ ways }) => ways.some(one => wayId(one) === wayId(way))) ? [role] : []));

/** Pages that were accepted, or may have been. */
const takenBy = (attempts: Attempt[], key: string): Taken[] =>
  attempts
    .filter(({ fault }) => !fault || !policyFor(fault).nothingDone)
    .map(({ way, fault }) => ({ ...way, ...(!fault && { key }) }));

/** Where it was accepted, each once. */
const waysOf = (reached: Reached[]): Way[] => {
  const taken = reached.flatMap(({ attempts }) => attempts.filter(({ fault }) => !fault).map(({ way }) => way));
  return [...new Map(taken.map(way => [wayId(way), way])).values()];
};

/** Its incident is acknowledged with it. */
const notNeeded = (acknowledgedBy: string): Outcome => ({
  done: {
    note: `not sent: ${acknowledgedBy} has acknowledged it in PagerDuty`,
    changes: [],
    effect: { measured: 'nothing to measure', text: 'PagerDuty was asked before the next level.' },
    acknowledgedBy,
  },
});

interface Around {
  /** That the rota could not be read, or pages before came to nothing. */
  notes: (string | undefined)[];
  unreached: Unreached[];
}

/** @throws a failure that names the roles, when someone might have been reached for one, and no one was. */
async function accepted(reached: Reached[], { notes, unreached }: Around, confirm: () => Promise<string>): Promise<Outcome> {
  const missed = reached.filter(({ attempts }) => attempts.length > 0 && attempts.every(({ fault }) => fault));
  if (missed.length > 0) {
    const silent = missed.map(({ role }): Unreached => ({ role, because: 'no answer' }));
    throw failure(faultFor(missed), { unreached: [...unreached, ...silent] });
  }
  const note = [whoHasIt(reached), ...notes].filter(Boolean).join(' ');
  const effect = { measured: 'nothing to measure', text: await confirm() } as const;
  return { done: { note, changes: [], effect, unreached: unreached.length > 0 ? unreached : undefined } };
}

/** The fault that another try may fix comes first: it decides whether there is one. */
function faultFor(missed: Reached[]): SystemError {
  const faults = new Set(missed.flatMap(({ attempts }) => attempts.flatMap(({ fault }) => fault ?? [])));
  const [first, ...others] = [...faults].toSorted((one, other) => Number(policyFor(other).again) - Number(policyFor(one).again));
  const { system = 'Paging', fault = 'unreachable', status, retryAfter } = first ?? {};
  const said = [first?.message.slice(system.length + 1), ...others.map(({ message }) => message)].join('; ');
  const text = `${said}; no one is reached as ${missed.map(({ role }) => role).join(', ')}`;
  return new SystemError({ system, fault, text, cause: first, ...(status && { status }), ...(retryAfter && { retryAfter }) });
}

const wouldPage = (roles: Role[]): Outcome => ({
  planned: { summary: `Page ${roles.join(', ')}.`, changes: [], consequences: [], digest: sha256(roles.join()) },
  because: { reason: 'dry run', text: 'Only the plan was asked for.' },
});
