/** Words of an incident as people type them: letter case does not matter. */

/** The word that is meant; what fits none is given back as typed, so that the incident refuses it by its words. */
export function asWritten(typed: string, words: readonly string[]): string {
  if (words.includes(typed)) return typed;
  const alike = words.filter(word => folded(word) === folded(typed));
  return alike.length === 1 ? (alike[0] ?? typed) : typed;
}

const folded = (text: string) => text.trim().toLowerCase();
