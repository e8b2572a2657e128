/** IPFS Pin Failures as its scenarios play it: one for each cause, and for whatever may go wrong beside it. */

import assert from 'node:assert/strict';
import { askedIn, changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'ipfs-pin-failures'({ report, effects }, rehearsed) {
    const [declared, paused, health, network, login] = askedIn(
      rehearsed,
      'Declare Incident',
      'Pause New Pins',
      'Check IPFS Cluster Health',
      'Review Network Connectivity',
      'Check Authentication',
    );
    assert.partialDeepStrictEqual(declared, { title: 'IPFS Pin Failures' });
    assert.deepEqual(paused, { target: 'primary', enabled: false });
    assert.deepEqual([health, network, login], [{ aspect: 'health' }, { aspect: 'network' }, { aspect: 'login' }]);
    for (const [kind, line] of Object.entries(lines)) {
      const [asked] = askedIn(rehearsed, `Check IPFS Cluster Logs: ${kind}`);
      assert.ok(found(asked, line), `${line} is looked for as a line about ${kind}`);
    }
    assert.equal(causeOf(report).suggest, 'Storage Full');
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', 'Clean up old/unused pins', ...repinned]);
    assert.deepEqual(inputsOf(effects, 'Activate Backup Pinning').at(-1), { target: 'backup', enabled: true, other: false });
  },
  'network-issues'({ report, effects, messages }, rehearsed) {
    const workloads = ['api', 'worker', 'batch'];
    const asked = askedIn(rehearsed, 'Check firewall rules', 'Verify cluster configuration');
    assert.deepEqual(asked, [{ workloads, to: 'ipfs' }, { aspect: 'config' }]);
    assert.equal(causeOf(report).suggest, 'Network Issues');
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /no daemon of ours to restart/);
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', ...repinned]);
  },
  'own-node'({ effects }) {
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', 'Restart IPFS daemon', ...repinned]);
  },
  'authentication-issues'({ report, effects }, rehearsed) {
    const restarted = askedIn(rehearsed, ...['api', 'worker', 'batch'].map(workload => `Restart services: ${workload}`));
    assert.deepEqual(restarted, [{ workload: 'api' }, { workload: 'worker' }, { workload: 'batch' }]);
    assert.equal(causeOf(report).suggest, 'Authentication Issues');
    assert.deepEqual(inputsOf(effects, 'Update configuration').at(-1), { secret: 'nqba-ipfs-b', of: 'ipfs' });
  },
  'broken-chain'({ report, effects, messages }) {
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /this is a P1/);
    assert.ok(report.questions.some(({ title, owner }) => title.startsWith('Update LTC Records') && owner === 'security'));
    assert.ok(!changed(effects).includes('Repin Failed Content'), 'what does not verify is not pinned again');
  },
  'nobody-answers'({ closed, effects }) {
    assert.equal(closed, false);
    assert.deepEqual(changed(effects), []);
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Activate Backup Pinning'));
  },
};

/** As the API writes them when a pin fails. */
const lines = {
  'sign-in': 'IPFS upload failed: 401 Unauthorized',
  storage: 'IPFS upload failed: 507 Insufficient Storage',
  network: 'IPFS upload failed: connection timed out',
};

function found(asked: unknown, line: string): boolean {
  if (typeof asked !== 'object' || asked === null || !('pattern' in asked) || !Array.isArray(asked.pattern)) return false;
  return asked.pattern.length > 1 && asked.pattern.every(part => new RegExp(String(part), 'i').test(line));
}

const repinned = [
  'Repin Failed Content: first provider on',
  'Repin Failed Content',
  'Repin Failed Content: second provider as before',
];

function causeOf({ questions }: Played['report']) {
  const asked = questions.filter(({ title }) => title === 'What is the cause?').at(-1);
  assert.ok(asked);
  return asked;
}

const inputsOf = (effects: Played['effects'], title: string) =>
  effects.filter(one => one.title === title).map(({ input }) => input);

const slug = 'ipfs-pin-failures';
playsShippedScenarios(slug, holds);
