/** The platform's own API, as its operators use it: users, entitlements, limits, and the access log. At the address of the NQBA API. */

import { z } from 'zod';
import { printed, webAddress } from './address.ts';
import { addressOf, type ApiPod } from './api.ts';
import { describeSystem, documented, type Given, type Seen, text } from './description.ts';
import type { Wire } from './http.ts';
import { fine, type Line } from './line.ts';
import { type AccessLog, accessLogOf } from './operator-api/access-log.ts';
import { callsOf } from './operator-api/calls.ts';
import { type Entitlements, entitlementsOf } from './operator-api/entitlements.ts';
import { type Ledger, ledgerOf } from './operator-api/ledger.ts';
import { type LimitsInForce, limitsOf } from './operator-api/limits.ts';
import { type SignIn, signInOf } from './operator-api/sign-in.ts';
import { type SyntheticCustomers, type SyntheticKeys, syntheticOf } from './operator-api/synthetic.ts';
import { type BillingUsage, billingUsageOf } from './operator-api/usage.ts';
import { type Users, usersOf } from './operator-api/users.ts';

export interface Account {
  email: string;
  password: string;
}

/** Every call throws SystemError; what the platform does not offer is `not connected`. */
export interface OperatorApi {
  address: string;
  /** One pod at its own address; absent where no address of pods is set. */
  ofPod?: ((pod: ApiPod) => OperatorApi) | undefined;
  users: Users;
  entitlements: Entitlements;
  limits: LimitsInForce;
  accessLog: AccessLog;
  signIn: SignIn;
  synthetic: SyntheticCustomers;
  /** The customer of ours that signs in with a password; absent where none is set. */
  account?: Account | undefined;
  ledger: Ledger;
  billing: BillingUsage;
}

export interface OperatorApiConfig {
  url: string;
  token: string;
  /** The address of a pod, with `{ip}` or `{name}` in it. */
  podUrl?: string | undefined;
  synthetic?: SyntheticKeys | undefined;
  account?: Account | undefined;
}

export function connectOperatorApi({ url, podUrl, ...config }: OperatorApiConfig, wire: Wire): OperatorApi {
  const calls = callsOf({ url, token: config.token }, wire);
  return {
    address: printed(url),
    ofPod: podUrl === undefined ? undefined : pod => connectOperatorApi({ ...config, url: addressOf(podUrl, pod) }, wire),
    users: usersOf(calls),
    entitlements: entitlementsOf(calls),
    limits: limitsOf(calls),
    accessLog: accessLogOf(calls),
    signIn: signInOf(url, calls, wire),
    synthetic: syntheticOf(url, config.synthetic ?? {}, wire),
    account: config.account,
    ledger: ledgerOf(calls),
    billing: billingUsageOf(calls),
  };
}

const check = 'The NQBA API for operators';

async function examine({ system: operatorApi }: Pick<Seen<OperatorApiConfig, OperatorApi>, 'system'>): Promise<Line> {
  if (!operatorApi)
    return fine(
      check,
      'is not connected: customers, limits and the access log are unknown. To connect it, set NQBA_API_URL and NQBA_API_TOKEN.',
    );
  const { total } = await operatorApi.users.page({ limit: 1, offset: 0 });
  const { tiers } = operatorApi.synthetic;
  return fine(check, `answers an operator: ${total} users. Synthetic customers: ${tiers.join(', ') || 'none'}.`);
}

/** The NQBA API's own description says whether it is an address at all. */
const addressIn = ({ variables }: Given) => webAddress.safeParse(variables['NQBA_API_URL']).data;
const podAddressIn = ({ variables }: Given) => variables['NQBA_API_POD_URL'];

const key = (tier: string) =>
  text.optional().register(documented, {
    means: `an API key of a customer of ours on the tier ${tier}: its limit is tried at NQBA_API_URL, from outside only where that is the address that customers call`,
    without: `whether the limit of the tier ${tier} is in force is not tried`,
    secret: true,
  });

export const operatorApiSystem = describeSystem({
  variables: z.object({
    NQBA_API_TOKEN: text.optional().register(documented, {
      means: "an operator's token for the NQBA API; needs NQBA_API_URL as well",
      without: 'users, entitlements, limits and the access log of the platform are unknown',
      secret: true,
    }),
    NQBA_SYNTHETIC_FREE: key('free'),
    NQBA_SYNTHETIC_BUSINESS: key('business'),
    NQBA_SYNTHETIC_PREMIUM: key('premium'),
    NQBA_SYNTHETIC_LUXURY: key('luxury'),
    NQBA_SYNTHETIC_EMAIL: text.optional().register(documented, {
      means: 'the account of ours that signs in as customers do; needs NQBA_SYNTHETIC_PASSWORD as well',
      without: 'whether customers can sign in is not tried',
    }),
    NQBA_SYNTHETIC_PASSWORD: text
      .optional()
      .register(documented, { means: 'its password, which is used nowhere else', secret: true }),
  }),
  configure: (values, given): OperatorApiConfig | undefined => {
    const url = addressIn(given);
    const token = values.NQBA_API_TOKEN;
    if (url === undefined || token === undefined) return undefined;
    const synthetic = {
      free: values.NQBA_SYNTHETIC_FREE,
      business: values.NQBA_SYNTHETIC_BUSINESS,
      premium: values.NQBA_SYNTHETIC_PREMIUM,
      luxury: values.NQBA_SYNTHETIC_LUXURY,
    };
    const { NQBA_SYNTHETIC_EMAIL: email, NQBA_SYNTHETIC_PASSWORD: password } = values;
    const account = email && password ? { email, password } : undefined;
    return { url, token, podUrl: podAddressIn(given), synthetic, account };
  },
  missing: ({ NQBA_API_TOKEN: token, NQBA_SYNTHETIC_EMAIL: email, NQBA_SYNTHETIC_PASSWORD: password }, { variables }) => [
    email && !password && 'NQBA_SYNTHETIC_PASSWORD is missing, but NQBA_SYNTHETIC_EMAIL is set',
    password && !email && 'NQBA_SYNTHETIC_EMAIL is missing, but NQBA_SYNTHETIC_PASSWORD is set',
    token && !variables['NQBA_API_URL'] && 'NQBA_API_URL is missing, but NQBA_API_TOKEN is set',
  ],
  connect: connectOperatorApi,
  examined: { name: check, examine },
  checks: [
    {
      name: 'Logins',
      variable: 'NQBA_SYNTHETIC_EMAIL',
      address: ({ account }) => account?.email,
      needs: 'access',
      activity: 'login',
      input: {},
      inside: 'login',
      outside: 'login from outside',
    },
  ],
});
