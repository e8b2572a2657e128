/** The cause that is proposed for pins that fail, in the order credentials, storage, network; an unknown finding supports none. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PinFindings, pinFailureCause } from '../../../workflows/runbooks/ipfs-pin-failures/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const faulty = { verdict: 'faulty', evidence: 'it is at fault' } as const;
const lines = (count: number, evidence = `${count} lines`) => ({ verdict: 'faulty', evidence, facts: { lines: count } }) as const;
const none = { ...healthy, facts: { lines: 0 } };
const quiet = { login: none, storage: none, network: none };

const well: PinFindings = { logs: quiet, storage: healthy, network: healthy, login: healthy };
const proposed = (found: Partial<PinFindings>) => pinFailureCause({ ...well, ...found }).proposed;

const cases: [string, Partial<PinFindings>, string | undefined][] = [
  ['nothing faulty', {}, undefined],
  ['credentials that are refused', { login: faulty }, 'Authentication Issues'],
  ['credentials come before a full provider', { login: faulty, storage: faulty, network: faulty }, 'Authentication Issues'],
  ['most lines of the kind 401', { logs: { ...quiet, login: lines(9), network: lines(3) } }, 'Authentication Issues'],
  ['a full provider', { storage: faulty, network: faulty }, 'Storage Full'],
  ['most lines of the kind 507', { logs: { ...quiet, storage: lines(9), network: lines(3) } }, 'Storage Full'],
  ['a provider that is not reached', { network: faulty }, 'Network Issues'],
  ['most lines of timeouts', { logs: { ...quiet, network: lines(9) } }, 'Network Issues'],
  ['timeouts, and storage that is not known', { logs: { ...quiet, network: lines(9) }, storage: unknown }, undefined],
  ['a network at fault, and credentials that are not known', { network: faulty, login: unknown }, undefined],
  ['as many lines of two kinds', { logs: { ...quiet, login: lines(5), storage: lines(5) } }, undefined],
  [
    'nothing known',
    { logs: { login: unknown, storage: unknown, network: unknown }, storage: unknown, network: unknown, login: unknown },
    undefined,
  ],
];
for (const [what, found, cause] of cases) test(`the proposal for ${what}`, () => assert.equal(proposed(found), cause));

test('the number and the lines that it rests on are named, and what was ruled out', () => {
  const logs = { ...quiet, storage: lines(84, '84 lines say 507') };
  const { why, ruledOut } = pinFailureCause({ ...well, logs, storage: { ...faulty, evidence: '97% are used.' } });
  assert.equal(why, '97% are used. Most lines about pins are of this kind: 84 lines say 507');
  assert.deepEqual(ruledOut, [
    'Ruled out the credentials: the providers that are connected take them.',
    'Ruled out the network: the provider is reached.',
  ]);
});
