/** Lines with two fields that may have the sentence: the pattern of the one also finds those whose sentence is in the other. */

import type { LogLine, Loki } from '../../connectors/loki.ts';
import { fields } from './shapes.ts';
import type { Turns } from './turns.ts';
import { queryOf, type Wanted } from './wanted.ts';

export interface Shadowed {
  /** All such lines of the field are in `lines`, so that its kinds may be left out; a kind of plain lines always. */
  isRead: (field: string | undefined) => Promise<boolean>;
  lines: () => LogLine[];
}

/** @param most lines of one field */
export function shadowedIn(loki: Loki, wanted: Wanted, turns: Turns, most: number): Shadowed {
  const byField = new Map<string, LogLine[] | undefined>();
  async function read(field: string): Promise<LogLine[] | undefined> {
    const query = queryOf({ ...wanted, patterns: [...wanted.patterns, twice(field)] });
    const lines = await turns.one(() => loki.lines(query, wanted.range, most));
    return lines && lines.length < most ? lines : undefined;
  }
  return {
    async isRead(field) {
      if (field !== undefined && !byField.has(field)) byField.set(field, await read(field));
      return field === undefined || byField.get(field) !== undefined;
    },
    // Those of a later field include those of each before it.
    lines: () => byField.get(fields.findLast(field => byField.get(field) !== undefined) ?? '') ?? [],
  };
}

/** Two of those fields that come before it, or it twice. */
function twice(field: string): string {
  const one = `"(?:${fields.slice(0, fields.indexOf(field) + 1).join('|')})"\\s*:`;
  return `${one}[\\s\\S]*${one}`;
}
