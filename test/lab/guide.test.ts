import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { outputs } from '../../client/cli/outputs.ts';
import { dynexOutage, untilTheReport } from '../../lab/guide/dynex-outage.ts';
import { guide } from '../../lab/guide/guide.ts';
import { bobChangesTheWorker } from '../../lab/guide/outage.ts';
import { differences, type Expected, expectedOfTheGuide } from '../../lab/guide/proof.ts';
import { nothingLeft } from '../../lab/guide/scenes.ts';
import type { Scenario } from '../../lab/guide/stage.ts';
import { runbooks } from '../client/command-line.ts';
import { contradictions, type Facts, type Said } from '../support/claims.ts';
import { eventually } from '../support/eventually.ts';
import { factsOf, saidAbout } from '../support/guide-facts.ts';
import { Platform } from '../support/practice.ts';

const wanted = expectedOfTheGuide();

/** Exactly the expected, as it would be recorded. */
const recorded = ({ writes, messages }: Expected = wanted) => ({
  writes: [...writes],
  messages: messages.map(({ system, to, says }) => ({ time: '', system, to, key: '', text: `before ${says} after` })),
});

describe('the proof', () => {
  test('holds when exactly the expected happened, whatever the order among systems', () => {
    assert.deepEqual(differences(wanted, recorded()), []);
    const { writes, messages } = recorded();
    assert.deepEqual(
      differences(wanted, { writes, messages: messages.toSorted((a, b) => a.system.localeCompare(b.system)) }),
      [],
    );
  });

  for (const kind of ['writes', 'messages'] as const)
    test(`fails for any one of the ${kind} less, and for any one more`, () => {
      const all = recorded();
      for (let index = 0; index < all[kind].length; index += 1) {
        const less = differences(wanted, { ...all, [kind]: all[kind].toSpliced(index, 1) });
        assert.notDeepEqual(less, []);
        assert.match(less.join('\n'), /missing (write|message): \{/);
        const twice = differences(wanted, { ...all, [kind]: [...all[kind], ...all[kind].slice(index, index + 1)] });
        assert.deepEqual(
          twice.map(line => line.slice(0, 'unexpected'.length)),
          ['unexpected'],
        );
      }
    });

  test('fails for a write of somebody else, on something else, or by another verb', () => {
    const { messages, writes } = recorded();
    const [first, ...others] = writes;
    for (const change of [{ user: 'bob' }, { name: 'nqba-api' }, { verb: 'update' }, { resource: 'secrets' }])
      assert.equal(
        differences(wanted, {
          messages,
          writes: [{ user: '', verb: '', resource: '', name: '', ...first, ...change }, ...others],
        }).length,
        1,
      );
    assert.equal(differences(wanted, { messages, writes: writes.toReversed() }).length > 0, true);
  });

  test('fails for a message to somebody else, or that says something else', () => {
    const { messages, writes } = recorded();
    const [first, ...others] = messages;
    for (const change of [{ to: '#general' }, { text: 'All is well' }])
      assert.equal(
        differences(wanted, {
          writes,
          messages: [{ time: '', system: '', to: '', key: '', text: '', ...first, ...change }, ...others],
        }).length,
        1,
      );
  });

  test('fails when nothing happened at all', () => {
    assert.equal(differences(wanted, { writes: [], messages: [] }).length, wanted.writes.length + wanted.messages.length);
  });
});

/** A minute on real servers: it is what a newcomer is promised, and no other test walks through all of it. */
describe('the guided incident', () => {
  const lines: string[] = [];
  let platform: Platform;
  let since: Date;
  /** Before the last scene, which would undo what is left. */
  let atTheEnd: { said: Said; facts: Facts } | undefined;
  const scenario: Scenario = {
    ...dynexOutage,
    async walk(walking) {
      const stage = await untilTheReport(walking);
      const said = await saidAbout(platform, stage.following.name, since);
      atTheEnd = { said, facts: await factsOf(platform, since) };
      await nothingLeft(stage);
    },
  };
  before(async () => {
    platform = await Platform.start();
  });
  after(() => platform?.stop());

  test('answers by itself, goes through its ten scenes and proves that exactly the expected happened', async () => {
    since = new Date();
    await guide({ practice: platform.practice, yes: true, say: line => lines.push(line), scenario });
    const text = lines.join('\n');
    const scenes = lines.flatMap(line => /^\n.*?(\d+)\. /.exec(line)?.[1] ?? []);
    assert.deepEqual(scenes.join(' '), '1 2 3 4 5 6 7 8 9 10');
    for (const promised of [
      /49 deliveries absorbed/,
      /nqba-worker-batch did not move/,
      /Rollouts of nqba-worker, by the audit log: 1\. Pages, by PagerDuty’s record: 2\./,
      /Gradual Rollback: canary +faulty: quantum_dynex says success, the answer is a mock: counted as failure/,
      /Tried without success: Dynex Platform Issue\. .*the answer is a mock: counted as failure/,
      /The approval is refused, nothing was changed:/,
      /Nothing is left to undo/,
    ])
      assert.match(text, promised);
    assert.match(lines.at(-1) ?? '', /exactly the expected\.$/);
  });

  test('claims nothing that the API server, the status page, Slack, the first line or undo contradict', async () => {
    assert.ok(atTheEnd);
    const undo = lines.slice(lines.findIndex(line => line.includes('10. '))).map(line => line.trim());
    const said = { ...atTheEnd.said, undo: undo.join('\n') };
    for (const [place, words] of Object.entries(said)) assert.notEqual(words, undefined, `nothing was said in: ${place}`);
    assert.deepEqual(contradictions(said, atTheEnd.facts), []);
  });

  test('would not have been proven if somebody had written, or told anybody, in between', async () => {
    const actual = async () => ({ writes: await platform.writes(since), messages: platform.messages(since) });
    assert.deepEqual(differences(wanted, await actual()), []);
    await bobChangesTheWorker(platform.practice.cluster.kubeconfigs.bob ?? '', 'nqba/worker:bob');
    const { SLACK_API_URL, SLACK_BOT_TOKEN } = platform.environment;
    await fetch(`${SLACK_API_URL}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SLACK_BOT_TOKEN}` },
      body: JSON.stringify({ channel: '#nqba-incidents', text: 'I was here' }),
    });
    await eventually(async () => {
      const found = differences(wanted, await actual());
      assert.equal(found.length, 2, found.join('\n'));
      assert.match(found[0] ?? '', /^unexpected write: .*"bob"/);
      assert.match(found[1] ?? '', /^unexpected message: .*I was here/);
    });
  });

  test('leaves a platform in which the doctor finds one fault: the batch worker does not read the setting', async () => {
    const { code, stdout } = await runbooks(platform.environment)('doctor', '-o', 'json');
    const { ok, checks } = outputs.doctor.parse(JSON.parse(stdout));
    const faults = checks.filter(check => !check.ok).map(({ check, text }) => `${check}: ${text}`);
    assert.deepEqual(faults, [
      'nqba-worker-batch reads ConfigMap nqba-platform/nqba-config: no: no circuit breaker moves its jobs.',
    ]);
    assert.deepEqual([code, ok], [1, false]);
    const dynex = checks.find(({ check }) => check === 'Dynex');
    assert.match(
      dynex?.text ?? '',
      /^is healthy\..* Seen healthy from inside: last 2\S+Z, first 2\S+Z\. Seen healthy from outside: last 2/,
    );
  });
});
