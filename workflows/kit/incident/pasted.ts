/** Secrets that people paste into messages: recognised in every field, and repeated in no reason. */

import { secretAmong } from '../../contract/index.ts';
import { isFields, isText } from './fields.ts';
import { type Malformed, readName } from './names.ts';

/** Characters and values of a message that are looked through: for some forms of secrets the time grows with the square. */
const most = { characters: 16_384, values: 5_000 };

/** The digest of a plan is as long as a key, and no secret. */
const isDigest = (field: string, text: string) => field === 'digest' && /^[0-9a-f]{64}$/.test(text);

/** A refusal where a secret is anywhere in what was said. */
export function pastedIn(...said: unknown[]): Malformed | undefined {
  const secret = secretAmong(textsWithin(said));
  return secret === undefined ? undefined : { malformed: secret, secret: true };
}

/** Refused as what it is, without quoting it: an error of the JSON parser repeats what it read. */
export const unreadable = (text: string): Malformed => pastedIn(text) ?? { malformed: 'the payload is not valid JSON' };

/** The name that it is signed with, if it is one. */
export function signedBy([said]: unknown[]): string {
  const by = isFields(said) ? said['by'] : undefined;
  const name = isText(by) && pastedIn(by) === undefined ? readName(by) : { malformed: 'absent' };
  return 'ok' in name ? name.ok : 'unknown';
}

/** Without recursion, and bounded: neither a thousand nested lists nor a cycle stops it. */
function textsWithin(said: unknown[]): string[] {
  const texts: string[] = [];
  const waiting: { field: string; value: unknown }[] = [{ field: '', value: said }];
  let { characters, values } = most;
  for (let next = waiting.pop(); next && characters > 0 && values > 0; next = waiting.pop()) {
    values -= 1;
    const { field, value } = next;
    if (typeof value === 'string' && !isDigest(field, value)) {
      texts.push(value.slice(0, characters));
      characters -= value.length;
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, one] of Object.entries(value).slice(0, most.values)) waiting.push({ field: name, value: one });
  }
  return texts;
}
