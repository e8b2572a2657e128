/** Texts that look like a secret: they are refused, and neither sent nor kept. One row for each form. */

interface Form {
  looksLike: string;
  pattern: RegExp;
}

/** Addresses carry long paths; one with a password stays. */
const address = /\bhttps?:\/\/[^\s@]+(?=\s|$)/gi;

const forms: readonly Form[] = [
  { looksLike: 'a private key or a certificate', pattern: /-----BEGIN [A-Z0-9 ]+-----/ },
  { looksLike: 'a signed token (JWT)', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}/ },
  { looksLike: 'an API key', pattern: /\b[spr]k[-_](?=[\w-]*\d)[\w-]{12,}/i },
  {
    looksLike: 'a key behind the name of its vendor',
    pattern: /\b[a-z]{2,12}(?:_[a-z]{2,12}){0,2}_(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{20,}(?![\w-])/i,
  },
  { looksLike: 'an AWS key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{12,}/ },
  { looksLike: 'a token of GitHub or Slack', pattern: /\b(?:gh[opsur]_|github_pat_|xox[a-z]-)[\w-]{10,}/ },
  { looksLike: 'an address with a password', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i },
  { looksLike: 'base64', pattern: mixed(33) },
  { looksLike: 'a random token', pattern: /(?<![\w-])(?=[a-z]*\d)(?=\d*[a-z])(?![0-9a-f]+(?![\w-]))[a-z0-9]{32,}(?![\w-])/i },
];

/** The digests of commits, images and plans are no secrets in a sentence; one alone is an answer, and no name. */
const hexadecimal = /^[0-9a-f]{32,}$/i;

/** Capitals, small letters and digits without a break. */
function mixed(least: number): RegExp {
  const run = '[A-Za-z0-9+/_=-]';
  return new RegExp(`(?<!${run})(?=${run}*[A-Z])(?=${run}*[a-z])(?=${run}*\\d)${run}{${least},}`);
}

/** Why a text is refused; nothing where it looks like no secret. The text itself is never part of it. */
export function secretIn(text: string): string | undefined {
  const rest = text.replace(address, ' ');
  const isSecret = forms.some(({ pattern }) => pattern.test(rest)) || hexadecimal.test(text.trim());
  return isSecret ? `it looks like a secret (${text.length} characters)` : undefined;
}

/** The same of the first that does. */
export const secretAmong = (texts: readonly unknown[]): string | undefined =>
  texts.flatMap(text => (typeof text === 'string' ? (secretIn(text) ?? []) : []))[0];
