import type { Plan } from '../../contract/index.ts';

/** Differences between the plan that people saw and the newer one, a sentence each. */
export function moved(seen: Plan, now: Plan): string[] {
  const before = new Map(facts(seen));
  return facts(now).flatMap(([what, value]) => {
    const former = before.get(what) ?? 'absent';
    return former === value ? [] : [`${what}: ${former} → ${value}`];
  });
}

const facts = ({ changes, restsOn = [] }: Plan): [string, string][] => [
  ...restsOn.map(({ what, value }): [string, string] => [what, value]),
  ...changes.map(({ target, field, before }): [string, string] => [`${target} ${field}`, before ?? 'absent']),
];
