/** Addresses as variables hold them: signed in with, joined with a path, and printed without what is secret in them. */

import { z } from 'zod';

const isWeb = { protocol: /^https?$/, error: 'is not an http or https address' };

/** With a user, a password or a query, if its system wants them. */
export const webAddress = z.url(isWeb);

/** Of a system that is signed in to with a secret of its own. */
export const plainAddress = z
  .url(isWeb)
  .refine(
    address => printed(address) === withoutEnd(address),
    'has a user, a password or a query in it: remove it, as a secret of its own signs in',
  );

const withoutEnd = (address: string) => address.replace(/\/+$/, '');

/** An address as people may read it: without user, password and query. The one way to print one. */
export const printed = (address: string): string =>
  withoutEnd(address.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1'));

/** The address of a path below a base; a query of the base stays. */
export function under(base: string, path: string): string {
  const [, front = base, query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(base) ?? [];
  return withoutEnd(front) + path + query;
}

/** No request may have a user and a password in its address: they are a header. */
export function signedIn(address: string): { url: string; authorization: string | undefined } {
  const url = new URL(address);
  const { username, password } = url;
  if (username + password === '') return { url: address, authorization: undefined };
  [url.username, url.password] = ['', ''];
  return { url: url.href, authorization: basic(decoded(username), decoded(password)) };
}

/** As it is where it is no encoding: `50%`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
