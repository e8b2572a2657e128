/** Credentials that a server repeats: proxies that are being debugged say back what they were sent, and answers are quoted to people. */

/** Headers that say what is asked, and not who asks. */
const open = new Set(['accept', 'content-type', 'if-match', 'idempotency-key', 'prefer', 'user-agent', 'x-github-api-version']);
/** Characters; shorter ones would hide words of the answer. */
const shortest = 8;

/** As a whole, behind a scheme like `Bearer`, behind a name like `token=`, and what `Basic` encodes. */
function partsOf(value: string): string[] {
  const [scheme, ...parts] = value.split(' ');
  const named = parts.map(part => part.slice(part.indexOf('=') + 1));
  const basic = scheme?.toLowerCase() === 'basic' ? parts.map(part => Buffer.from(part, 'base64').toString()) : [];
  const passwords = basic.map(pair => pair.slice(pair.indexOf(':') + 1));
  return [value, ...parts, ...named, ...basic, ...passwords];
}

/** The answer without what the request was signed with. @param others credentials that were sent in its body */
export function withoutCredentials(text: string, headers: Headers, others: readonly string[] = []): string {
  const signed = [...headers].flatMap(([name, value]) => (open.has(name) ? [] : partsOf(value)));
  const secrets = [...signed, ...others].filter(({ length }) => length >= shortest);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '<hidden>'), text);
}
