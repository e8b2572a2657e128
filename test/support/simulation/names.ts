/** Names as people type them. */

const bare = (name: string) => name.trim().toLowerCase();

/** Whether two names are of the same person. */
export const isPersonOf = (one: string, other: string) => bare(one) === bare(other);

/** What the record keeps of a name. */
export const recorded = (name: string) => name.trim();

/** Another way to type a name. */
export const typed = (name: string, pick: (ways: readonly string[]) => string) =>
  pick([name, name.toUpperCase(), ` ${name}`, `${name.charAt(0).toUpperCase()}${name.slice(1)} `]);
