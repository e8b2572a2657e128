/** Catalog entries of the runbooks that exist for tests only: no test of the kit depends on a written runbook. */

import { addRunbooks, type Runbook } from '../../../workflows/catalog/index.ts';

const entry = (slug: string, title: string, severity: Runbook['severity']): Runbook => ({
  slug,
  title,
  kind: 'incident',
  severity,
  owner: 'quantum',
  workflow: slug,
  incident: slug,
  alerts: [],
  recovery: { check: 'recovered', input: { of: slug } },
});

export const outageTitle = 'Trial Outage';
export const criticalTitle = 'Trial Emergency';

/** A runbook of one's own, with one of the checks that such a runbook may have. */
export const settingTitle = 'Trial Setting';
const setting: Runbook = {
  ...entry('trial-setting', settingTitle, 'P2'),
  recovery: { check: 'probe', input: { url: 'api' } },
};

export const operationTitle = 'Trial Operation';
const operation: Runbook = {
  ...entry('trial-operation', operationTitle, 'P3'),
  kind: 'operation',
  recovery: undefined,
};

addRunbooks([setting, operation, entry('trial-outage', outageTitle, 'P1'), entry('trial-emergency', criticalTitle, 'P0')]);
