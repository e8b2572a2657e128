/** Lengths of time as they are typed: `90s`, `3m`, `1h30m`, `40 minutes`. */

import { Usage } from '../errors.ts';

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const part = /(\d+(?:\.\d+)?)\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?|ays?)?\s*/y;

/** Milliseconds. Throws `Usage`. */
export function duration(text: string): number {
  part.lastIndex = 0;
  let ms = 0;
  let read = 0;
  for (let found = part.exec(text); found; found = part.exec(text)) {
    ms += Number(found[1]) * (units[found[2] ?? ''] ?? 0);
    read = part.lastIndex;
  }
  if (read === 0 || read < text.length)
    throw new Usage(`${JSON.stringify(text)} is not a duration: type for example 90s, 3m or 1h30m.`);
  return ms;
}
