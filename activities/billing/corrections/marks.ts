/** How what we made at Stripe is found again, also once Stripe has forgotten our idempotency key: by the key in its metadata. Pure. */

import { sha256 } from '../../connectors/artifacts.ts';
import { incidentOf } from '../../guard.ts';
import { ourKey } from '../lines.ts';

type Metadata = Record<string, string>;

/** https://docs.stripe.com/api/metadata: a value has at most 500 characters. */
const longest = 500;

export const markOf = (key: string): Metadata => ({
  [ourKey]: key.length <= longest ? key : `${incidentOf(key)}/${sha256(key)}`,
});

export const isMarked = ({ metadata }: { metadata: Metadata }, key: string): boolean => metadata[ourKey] === markOf(key)[ourKey];

/** By one of the items of the same step; one whose key is too long to stand there whole is not known to be. */
export const isOfStep = ({ metadata }: { metadata: Metadata }, step: string): boolean =>
  metadata[ourKey]?.startsWith(`${step}/`) === true;

/** By whichever step of the incident that the key belongs to. */
export const isOfIncident = ({ metadata }: { metadata: Metadata }, key: string): boolean =>
  metadata[ourKey]?.startsWith(`${incidentOf(key)}/`) === true;
