/** Rules over the access log that tell abuse from a bug. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import { joined, type Piece, piecesOf, shownPiece } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { exempting, hasClientAddresses } from './client-addresses.ts';
import type { AbuseFacts } from './facts.ts';
import type { SourceItem } from './items.ts';
import { isLogin, loginHits } from './login-rules.ts';
import { addressRules, bySource, type Hit, retryLoops } from './rules.ts';
import { callsNow, lastHour } from './usual-calls.ts';

export interface AbuseInput {
  surface: 'api' | 'login';
  /** The name under which sources that a rule hits are frozen. */
  freeze?: string;
}

const fewest = 20;
/** A list has no more: those with most calls. */
const mostSources = 100;
/** Logins are few among all calls: so many pages of an hour are searched. */
const pagesOfLogins = 12;

/** @throws SystemError */
export async function checkAbuse(deps: Deps, { surface, freeze: name }: AbuseInput): Promise<Finding<AbuseFacts>> {
  const piece = await searched(deps, surface);
  if (piece.lines.length < fewest)
    return { verdict: 'unknown', evidence: `The access log has ${piece.lines.length} lines: too few to judge by.` };
  const hasAddresses = hasClientAddresses(piece.lines);
  const hits = hitsIn(piece, surface, hasAddresses);
  const isExempt = exempting(deps.platform.gateway);
  const sources = sourcesIn(hits).filter(({ cidr }) => !isExempt(cidr));
  const frozen =
    name !== undefined && sources.length > 0
      ? await freeze(deps.systems.artifacts, name, sources.slice(0, mostSources))
      : undefined;
  const facts: AbuseFacts = {
    abuseLike: rulesOf(hits, 'abuse'),
    bugLike: rulesOf(hits, 'bug'),
    sources: frozen?.count ?? 0,
    takeovers: hits.reduce((sum, { takenOver = 0 }) => sum + takenOver, 0),
    hasAddresses,
  };
  return { ...judged(hits, facts, piece), facts, ...(frozen && { frozen }) };
}

async function searched(deps: Deps, surface: AbuseInput['surface']): Promise<Piece> {
  const { accessLog } = operatorApiOf(deps);
  if (surface === 'api') return callsNow(deps, accessLog);
  const { lines, ...piece } = joined(await piecesOf(accessLog, lastHour(deps), pagesOfLogins));
  return { ...piece, lines: lines.filter(isLogin) };
}

function hitsIn({ lines }: Piece, surface: AbuseInput['surface'], hasAddresses: boolean): Hit[] {
  if (surface === 'login') return loginHits(lines, hasAddresses);
  const sources = hasAddresses ? bySource(lines) : undefined;
  return [...(sources ? addressRules.flatMap(rule => rule(sources)) : []), ...retryLoops(lines)];
}

/** Each once, by the first rule that hits it; those with most calls first. */
function sourcesIn(hits: Hit[]): SourceItem[] {
  const found = new Map<string, SourceItem>();
  for (const source of hits.flatMap(({ sources }) => sources)) if (!found.has(source.cidr)) found.set(source.cidr, source);
  return [...found.values()].toSorted((a, b) => b.calls - a.calls);
}

const rulesOf = (hits: Hit[], kind: Hit['kind']) => hits.flatMap(hit => (hit.kind === kind ? [hit.rule] : []));

function judged(hits: Hit[], { hasAddresses, abuseLike, sources }: AbuseFacts, piece: Piece): Finding {
  const hidden = hasAddresses
    ? ''
    : ' The log has no addresses of clients: rules about addresses are unknown, and no address may be limited or blocked by it.';
  const source = `From ${shownPiece(piece)}.${hidden}`;
  if (hits.length > 0) {
    const kind = abuseLike.length > 0 ? 'Abuse-like' : 'Bug-like';
    const counted = sources > 0 ? ` ${sources} sources are frozen.` : '';
    return { verdict: 'faulty', evidence: `${kind}: ${hits.map(({ says }) => says).join('; ')}.${counted} ${source}` };
  }
  return { verdict: hasAddresses ? 'healthy' : 'unknown', evidence: `No rule hits. ${source}` };
}
