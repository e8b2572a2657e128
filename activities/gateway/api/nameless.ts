/** Faults of calls about one customer, without the customer: platforms quote who they were asked about, and histories keep failures. */

import { quoted, SystemError } from '../../connectors/system-error.ts';
import { spelled } from '../counted.ts';

/** Characters: a shorter name is hidden as a word alone, else it would hide parts of the sentence. */
const short = 4;

/** @param instead stands for the customer in what it throws @throws SystemError */
export async function nameless<T>(customer: string, instead: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const { system, fault, status, retryAfter, refusal, message } = error;
    const text = withoutName(message.slice(system.length).trim(), customer, instead);
    throw new SystemError({
      system,
      fault,
      text,
      refusal,
      ...(status !== undefined && { status }),
      ...(retryAfter !== undefined && { retryAfter }),
    });
  }
}

/** In each spelling, encoded for an address, and cut off at the end. */
function withoutName(said: string, customer: string, instead: string): string {
  const names = [customer, spelled(customer)].flatMap(name => [name, encodeURIComponent(name), encodeURI(name)]);
  const all = new Set(names.map(name => quoted(name.normalize('NFKC'))).filter(name => name !== ''));
  const plain = [...all].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(plain.map(patternOf).join('|'), 'giu');
  const whole = said.normalize('NFKC').replace(pattern, () => instead);
  return plain.reduce(withoutBeginning(instead), whole);
}

function patternOf(name: string): string {
  const literal = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return name.length < short ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal;
}

/** The end of a sentence that was cut, as NFKC writes it. */
const cut = '...';

const withoutBeginning = (instead: string) => (said: string, name: string) => {
  const low = said.toLowerCase();
  for (let length = name.length - 1; length >= short; length -= 1)
    if (low.endsWith(name.slice(0, length).toLowerCase() + cut)) return said.slice(0, -length - cut.length) + instead + cut;
  return said;
};
