/** The metrics that are answered whatever is asked of them, by their names. */

import { authAttempts, lockedAccounts } from './auth.ts';
import { charges, revenueExpected, revenueToday } from './billing.ts';
import type { Family } from './family.ts';
import { ingressRequests } from './ingress.ts';
import { ltcFailures, pins } from './pins.ts';
import { quotaLimit, quotaUsed } from './quotas.ts';
import { rateLimited } from './rate-limited.ts';

export const families: Readonly<Record<string, Family>> = {
  nqba_quota_used: quotaUsed,
  nqba_quota_limit: quotaLimit,
  nqba_rate_limited_total: rateLimited,
  nginx_ingress_controller_requests: ingressRequests,
  nqba_auth_attempts_total: authAttempts,
  nqba_auth_locked_accounts: lockedAccounts,
  nqba_ipfs_pins_total: pins,
  nqba_ltc_verification_failures_total: ltcFailures,
  nqba_billing_charges_total: charges,
  nqba_billing_revenue_today: revenueToday,
  nqba_billing_revenue_expected_today: revenueExpected,
};
