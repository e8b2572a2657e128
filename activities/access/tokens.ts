/** A token that one pod makes, brought to every other; and the clocks of the pods, as their tokens carry them. */

import { z } from 'zod';
import { jsonOf } from '../connectors/http.ts';
import type { Session } from '../connectors/operator-api/sign-in.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import { type Part, part } from '../together.ts';
import { accountOf, type LoginPod, ofEach } from './pods.ts';

export interface Across {
  part: Part;
  /** Pods whose token another pod refuses. */
  refused?: string[] | undefined;
  skew?: number | undefined;
}

interface Made {
  pod: string;
  session: Session;
  /** Seconds: the clock of the pod before ours. */
  ahead: number | undefined;
}

/** Seconds; more, and tokens of one pod are not valid yet in another. */
const mostSkew = 30;

/** A system that is not connected is left out. */
export async function acrossPods(deps: Deps, pods: LoginPod[]): Promise<Across> {
  let across: Omit<Across, 'part'> = {};
  const seen = await part(async () => {
    const { made, finding } = await brought(deps, pods);
    across = finding.facts;
    await Promise.all(made.map(({ pod, session }) => loggedOut(pods, pod, session)));
    return finding;
  });
  return { part: seen, ...across };
}

const loggedOut = (pods: LoginPod[], pod: string, { accessToken }: Session) =>
  ofEach(
    pods.filter(({ name }) => name === pod),
    ({ api }) => api.signIn.logout(accessToken),
  );

/** @throws SystemError where no account of ours is connected */
async function brought(deps: Deps, pods: LoginPod[]) {
  const { email, password } = accountOf(operatorApiOf(deps));
  const logins = await ofEach(pods, async ({ name, api }): Promise<Made> => {
    const session = await api.signIn.login(email, password);
    return { pod: name, session, ahead: aheadOf(session, deps.now()) };
  });
  const made = logins.flatMap(({ answer }) => (answer ? [answer] : []));
  const tried = await Promise.all(
    made.map(async ({ pod, session }) => {
      const others = pods.filter(({ name }) => name !== pod);
      const answers = await ofEach(others, ({ api }) => api.signIn.me(session.accessToken));
      return {
        pod,
        refusedBy: answers.filter(({ fault }) => fault?.status === 401).map(one => one.pod),
        silent: answers.some(({ fault }) => fault !== undefined && fault.status !== 401),
      };
    }),
  );
  return { made, finding: judgeTokens(tried, made, logins.length) };
}

interface Tried {
  pod: string;
  refusedBy: string[];
  /** Another pod did not say. */
  silent: boolean;
}

export function judgeTokens(tried: Tried[], made: Pick<Made, 'ahead'>[], pods: number) {
  const refused = tried.filter(({ refusedBy }) => refusedBy.length > 0).map(({ pod }) => pod);
  const skew = skewOf(made);
  const isSkewed = skew !== undefined && skew >= mostSkew;
  const isAll = tried.length === pods && tried.every(({ silent }) => !silent) && pods > 1;
  const evidence = evidenceOf({ refused, isAll, made: tried.length, pods, skew: isSkewed ? skew : undefined });
  const facts = { refused, skew };
  if (refused.length > 0 || isSkewed) return { verdict: 'faulty' as const, evidence, facts };
  return { verdict: isAll ? ('healthy' as const) : ('unknown' as const), evidence, facts };
}

interface Seen {
  refused: string[];
  isAll: boolean;
  /** Pods that made a token. */
  made: number;
  pods: number;
  /** Seconds; nothing where the clocks agree. */
  skew: number | undefined;
}

function evidenceOf({ refused, isAll, made, pods, skew }: Seen): string {
  const says = [
    refused.length > 0 && `Other pods refuse the token of ${refused.join(', ')}: each has a signing key of its own.`,
    refused.length === 0 && isAll && `Every pod accepts the tokens of the other ${pods - 1}.`,
    pods === 1 && 'One pod alone cannot be compared.',
    made < pods && `${pods - made} pods made no token.`,
    skew !== undefined && `The clocks of the pods differ by ${skew} s.`,
  ];
  return says.filter(Boolean).join(' ');
}

/** Seconds between those that differ most. */
function skewOf(made: Pick<Made, 'ahead'>[]): number | undefined {
  const clocks = made.flatMap(({ ahead }) => ahead ?? []);
  return clocks.length < 2 ? undefined : Math.round(Math.max(...clocks) - Math.min(...clocks));
}

const claims = z.looseObject({ iat: z.number().optional(), exp: z.number().optional() });

/** By when the token was made, in its own words. Nothing where it carries no time. */
export function aheadOf({ accessToken, expiresIn }: Session, now: number): number | undefined {
  const body = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString();
  const { iat, exp } = claims.safeParse(jsonOf(body)).data ?? {};
  const made = iat ?? (exp === undefined ? undefined : exp - expiresIn);
  return made === undefined ? undefined : made - now / 1_000;
}
