/** Names of people as they sign: what looks the same is the same, and nothing in a name is invisible. */

/** The tolerant converter returns this for an unreadable payload, and a reader for refused input. */
export interface Malformed {
  malformed: string;
  /** A secret is in it; the reason does not repeat it. */
  secret?: true | undefined;
}
export type Read<T> = { ok: T } | Malformed;

/** Longest name, in characters. */
export const longestName = 100;

/** Control, formatting, directional and ignorable characters, and the blanks that are letters or symbols. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The name in its normal form (NFC), trimmed. */
export function readName(text: string): Read<string> {
  const name = text.normalize('NFC').trim();
  if (invisible.test(name)) return { malformed: 'a name has no invisible or directional characters' };
  if (name.length > longestName) return { malformed: `a name has at most ${longestName} characters` };
  return { ok: name.replace(/\s+/gu, ' ') };
}
