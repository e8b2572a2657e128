// A pasted secret is refused without being kept; names, digests, addresses and sentences are not taken for one.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { secretIn } from '../../../workflows/contract/index.ts';
import { readDecision, readNote } from '../../../workflows/kit/incident/parse.ts';
import { reduce } from '../../../workflows/kit/record/reducer.ts';
import { runbooks } from '../../client/command-line.ts';
import { aQuestion, at, opened } from '../../support/folding.ts';

const jwt = ['{"alg":"none"}', '{"sub":"a"}'].map(part => Buffer.from(part).toString('base64url')).join('.');
/** Put together here: nothing that looks like a key stands in the source. */
const secrets = {
  'base64 of 32 bytes': Buffer.alloc(32, 'aZ9/').toString('base64'),
  'an API key': ['sk', 'live', '4f9'.repeat(8)].join('_'),
  'an API key with dashes': ['sk', 'proj', 'a1B2'.repeat(6)].join('-'),
  'a hexadecimal key behind a name': ['dnx', 'live', createHash('md5').update('key').digest('hex')].join('_'),
  'an AWS key': `AKIA${'Q7'.repeat(8)}`,
  'a signed token': `${jwt}.c2ln`,
  'a private key': '-----BEGIN RSA PRIVATE KEY-----\nMIIB',
  'a token of GitHub': `ghp_${'x1Y'.repeat(12)}`,
  'a long token of small letters and digits': 'k3q9'.repeat(10),
  'a hexadecimal key alone': createHash('sha256').update('key').digest('hex'),
  'an address with a password': 'https://ann:hush@host/path',
};

for (const [what, secret] of Object.entries(secrets)) {
  test(`${what} looks like a secret, alone or in a sentence; the text is not in the reason`, () => {
    const said = what.endsWith('alone') ? [secret] : [secret, `the key is ${secret} now`];
    for (const text of said) assert.equal(secretIn(text), `it looks like a secret (${text.length} characters)`);
  });

  test(`${what} is in no refusal, whether it is a text, a reason or a note`, () => {
    const said = { question: 'q', choice: 'by hand', by: 'ann' };
    for (const read of [readDecision([{ ...said, text: secret }]), readDecision([{ ...said, reason: secret }])])
      assert.deepEqual(read, { malformed: secretIn(secret), secret: true });
    assert.deepEqual(readNote([{ by: 'ann', text: secret }]), { malformed: secretIn(secret), secret: true });
  });
}

const harmless = [
  'nqba-secrets-dynex-a',
  'nqba-secrets-dynex-2026-11-29-renewed-by-the-quantum-team',
  'incident dynex-outage-20261124-k7fp of workflow c41e1cfc-a5f7-4a19-a8b8-8a254f6d20f4',
  'c41e1cfc-a5f7-4a19-a8b8-8a254f6d20f4',
  `rolled back to ${createHash('sha1').update('commit').digest('hex')}`,
  `image api@sha256:${createHash('sha256').update('image').digest('hex')}`,
  'see https://example.slack.com/archives/C0123ABCD/p1700000000000000?thread_ts=1700000000.000000',
  'risk-assessment-of-2026-11 is done, task-force-number-12345678 is told',
  'pod nqba-worker-7d9f8b6c5d-x2k9p was OOMKilled at 03:12:45.123456Z',
  'ConfigMap nqba_platform_config_2026, table job_runs_2026_11_30 and index job_runs_by_customer_and_created_at',
  'Dynex Platform Issue',
];

for (const text of harmless) test(`no secret: ${text.slice(0, 60)}`, () => assert.equal(secretIn(text), undefined));

test('random keys of 32 bytes are found in each usual form', () => {
  for (let time = 0; time < 50; time += 1)
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      const key = randomBytes(32).toString(form);
      assert.notEqual(secretIn(key), undefined, `${form} of ${key.length} characters`);
    }
});

test('a text that is no name is refused without being repeated', () => {
  const asked = aQuestion({ kind: 'text', text: 'secret name', choices: ['by hand'], otherwise: 'by hand' });
  const decision = { question: 'cause', choice: 'answer', text: 'Hunter2!', by: 'ann' };
  const { refusals } = reduce(opened({ questions: [asked] }), { kind: 'decide', decision, how: 'claimed', at: at(1) });
  assert.match(refusals[0]?.because ?? '', /^the text \(8 characters\) is not the name of a Secret/);
});

test('the command line refuses it before anything is sent', async () => {
  const key = secrets['an API key'];
  for (const typed of [
    ['decide', 'dynex', 'q', 'the new Secret', '--text', key],
    ['decide', 'dynex', 'q', 'retry', '--reason', key],
    ['decide', 'dynex', 'q', key],
    ['note', 'dynex', key],
    ['severity', 'dynex', 'P1', '--reason', key],
  ]) {
    const { code, stdout, stderr } = await runbooks({})(...typed);
    assert.equal(code, 4, typed.join(' '));
    assert.match(stderr, /^Refused, and not sent: it looks like a secret \(32 characters\)\./m);
    assert.equal(`${stdout}${stderr}`.includes(key), false);
  }
});
