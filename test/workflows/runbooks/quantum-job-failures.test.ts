// Quantum Job Failures as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { report } from '../../../client/report.ts';
import { runbooks } from '../../client/command-line.ts';

const slug = 'quantum-job-failures';
const folder = `worker/rehearsal/scenarios/${slug}`;
const run = runbooks({});
const titled = z.looseObject({ title: z.string() });
const incident = z.object({
  closed: z.boolean(),
  report,
  effects: z.array(titled.extend({ input: z.unknown(), changes: z.array(z.unknown()).optional() })),
  messages: z.array(titled.extend({ type: z.string(), input: z.unknown() })),
  questions: z.array(titled.extend({ result: z.string() })),
});
type Played = z.infer<typeof incident>;
const printed = z.object({ incidents: z.tuple([incident]) });

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  'quantum-job-failures'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Parameter Issue');
    assert.deepEqual(changed(effects), [], 'nothing is changed but what people answer');
  },
  'solver-issue'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Solver Issue');
    const let100 = ['10%', '25%', '50%', '100%'].map(stage => `Resume Job Processing: ${stage}`);
    const others = ['Pause New Jobs', 'Restart failed solvers: restart', 'Implement fallback to classical solvers'];
    assert.deepEqual(changed(effects), [...others, ...let100, 'Resume Job Processing: fallback off']);
  },
  'resource-issue'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Resource Issue');
    assert.deepEqual(inputsOf(effects, 'Implement job queuing').at(-1), { percent: 70 });
  },
  'wrong-cause'({ report, effects }) {
    assert.ok(changed(effects).includes('Resume Job Processing: back to 10%'));
    assert.match(causeOf(report).because ?? '', /Tried without success: Solver Issue\./);
  },
  'dynex-fails'({ report, messages }) {
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /runbooks open dynex-outage/);
    assert.equal(causesOf(report)[0]?.suggest, 'Solver Issue');
  },
  'nobody-answers'({ closed, effects }) {
    assert.equal(closed, false);
    assert.deepEqual(new Set(changed(effects)), new Set(['Pause New Jobs']));
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Pause New Jobs'));
  },
  'alert-resolves-in-phase-one'({ effects }) {
    assert.ok(changed(effects).includes('Resume Job Processing: 100%'));
    assert.ok(!changed(effects).includes('Restart failed solvers: restart'));
  },
  'prometheus-dies'({ closed }) {
    assert.equal(closed, false);
  },
};

const causesOf = ({ questions }: Played['report']) => questions.filter(({ title }) => title === 'What is the cause?');
const causeOf = (of: Played['report']) => {
  const asked = causesOf(of).at(-1);
  assert.ok(asked);
  return asked;
};
const changed = (effects: Played['effects']) =>
  effects.filter(({ changes = [] }) => changes.length > 0).map(({ title }) => title);
const inputsOf = (effects: Played['effects'], title: string) =>
  effects.filter(one => one.title === title).map(({ input }) => input);

for (const file of globSync([`${folder}.json`, `${folder}/*.json`]).toSorted())
  test(`ends as it expects: ${file}`, async () => {
    const { code, stdout, stderr } = await run('rehearse', slug, '--scenario', file, '-o', 'json');
    assert.equal(code, 0, stderr);
    const hold = holds[basename(file, '.json')];
    assert.ok(hold, 'say here what holds of it');
    hold(printed.parse(JSON.parse(stdout)).incidents[0]);
  });
