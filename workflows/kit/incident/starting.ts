/** How the execution of an incident begins, whoever starts it: the intake, a person, or the incident before. */

import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { bounded, type Runbook, severityOf } from '../../catalog/index.ts';
import type { Alert, SearchAttributeName, Start } from '../../contract/index.ts';

/** A keyword that the server refuses would refuse the incident; so many characters fit in every store. */
const longestKeyword = 80;

type Keywords = Partial<Record<SearchAttributeName, string | undefined>>;

/** Of those that are known, the ones with a value. */
export const pairs = (known: SearchAttributeName[], values: Keywords): SearchAttributePair[] =>
  known.flatMap(name => {
    const value = values[name]?.slice(0, longestKeyword);
    return value ? [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }] : [];
  });

/** @param known search attributes that the namespace has with the right type */
export const incidentOptions = (runbook: Runbook, { name, alert }: Start, known: SearchAttributeName[] = []) => ({
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  staticSummary: sentence(alert),
  memo: { incident: name },
  typedSearchAttributes: pairs(known, {
    RunbookState: 'triggered',
    RunbookSeverity: severityOf(runbook, alert.labels),
    RunbookCluster: alert.labels['cluster'],
  }),
});

// The Temporal UI reads a summary as Markdown, at most 400 bytes: 120 characters of at most three bytes fit.
const longest = 120;
const markdown = /[\\`*_[\]<>#|!~]/g;

/** An alert as one line of plain text. */
export function sentence({ name, labels, annotations }: Alert): string {
  const where = [labels['service'], labels['cluster']].filter(Boolean).join(', ');
  const what = annotations['summary'] ?? annotations['description'] ?? 'fires';
  return asSummary(`${name}: ${what}${where && ` (${where})`}`);
}

export const asSummary = (text: string): string => bounded(text.replace(/\s+/g, ' '), longest).replace(markdown, '\\$&');
