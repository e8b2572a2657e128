/** Parts of a patch made one: each field of a write brings its own. Pure. */

/** Several parts as one patch: maps are joined, lists by the names of their items. */
export function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return joinedLists(one, other);
  if (!isMap(one) || !isMap(other)) return other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const both = (name: string) =>
    name in one && name in other ? joined(one[name], other[name]) : name in other ? other[name] : one[name];
  return Object.fromEntries(names.map(name => [name, both(name)]));
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (item: unknown) => (isMap(item) ? item['name'] : undefined);

function joinedLists(one: unknown[], other: unknown[]): unknown[] {
  const known = one.map(item => {
    const same = other.find(candidate => nameOf(candidate) === nameOf(item));
    return same === undefined ? item : joined(item, same);
  });
  return [...known, ...other.filter(item => !one.some(former => nameOf(former) === nameOf(item)))];
}
