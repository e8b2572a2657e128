/** An alert as one line of plain text. */

import { bounded } from '../workflows/catalog/index.ts';
import type { Alert } from '../workflows/contract/index.ts';

// The Temporal UI reads a summary as Markdown, at most 400 bytes: 120 characters of at most three bytes fit.
const longest = 120;
const markdown = /[\\`*_[\]<>#|!~]/g;

export function sentence({ name, labels, annotations }: Alert): string {
  const where = [labels['service'], labels['cluster']].filter(Boolean).join(', ');
  const what = annotations['summary'] ?? annotations['description'] ?? 'fires';
  return asSummary(`${name}: ${what}${where && ` (${where})`}`);
}

export const asSummary = (text: string): string => bounded(text.replace(/\s+/g, ' '), longest).replace(markdown, '\\$&');
