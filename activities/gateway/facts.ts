/** The facts of the checks of limits, customers and their calls. Never a customer, an account or an address: those lie in frozen lists. */

/** Used against allowed of everything that is limited. */
export interface QuotasFacts {
  /** The highest, 0 to 1; more where it is used up. */
  highest: number;
  /** `a customer of the tier free`, `dynex`, or a ResourceQuota by its name. */
  of: string;
  /** Customers over the threshold, by tier. */
  customersOver: Record<string, number>;
  /** Items in the list of these customers; absent where none was frozen. */
  frozen: number | undefined;
}

/** Calls of the last hour against the same hour of the seven days before. */
export interface TrafficFacts {
  /** A minute. */
  calls: number;
  timesUsual: number | undefined;
  /** Part of all calls that were refused, 0 to 1; and why. */
  refused: number;
  refusedByQuota: number;
  refusedByRate: number;
  /** Part of the calls of essential routes that were refused. */
  refusedEssential: number;
  /** Part of all calls that the one customer with most of them has. */
  topShare: number;
  /** Customers, addresses or endpoints with more than five times their usual calls. */
  grown: number;
  /** Of the customers that grew: routes that they call. Growth over normal routes is use. */
  routesOfGrown: number;
  /** Customers of the tiers premium and luxury that get nothing but refusals. */
  cutOff: number;
  /** Addresses are those of clients, and not of a proxy. */
  hasAddresses: boolean;
  frozen: number;
}

/** Rules that tell abuse from a bug. */
export interface AbuseFacts {
  /** Names of rules that hit. */
  abuseLike: string[];
  bugLike: string[];
  /** Sources that were frozen. */
  sources: number;
  /** Accounts that were signed in to after many failures. */
  takeovers: number;
  /** Rules about addresses count; false behind a proxy that hides them. */
  hasAddresses: boolean;
}

/** Limits in force against reviewed ones. */
export interface LimitsFacts {
  /** Scopes and keys with another value: `tier:free`, `RATE_LIMIT_REQUESTS`. */
  differing: string[];
  /** Those below what customers of the tier usually need. */
  belowUsual: string[];
  /** Tables of limits and prices that do not agree: `reviewed`, `entitlements`, `prices`. */
  tables: string[];
  /** Annotations that no controller reads, and layers that limit nothing. */
  withoutEffect: string[];
  /** Limits that a change of ours set, in words: they are no evidence. */
  ours: string[];
  /** Tiers whose synthetic customer was answered as it should be, and those that were not. */
  right: string[];
  wrong: string[];
}
