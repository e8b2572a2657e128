/** The search attributes an incident is started with; where it has none, its workflow sets none. */

import type { SearchAttributePair } from '@temporalio/common';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Written } from '../workflows/catalog/index.ts';
import { severityOf } from '../workflows/catalog/index.ts';
import type { Alert } from '../workflows/contract/index.ts';

export function attributesOf(runbook: Written, { labels }: Alert): SearchAttributePair[] {
  const values = {
    NqbaState: 'triggered',
    NqbaSeverity: severityOf(runbook, labels),
    NqbaService: labels['service'],
    NqbaCluster: labels['cluster'],
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value ? [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }] : [],
  );
}
