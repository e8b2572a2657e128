// Which calls of a runbook are activities, and what is left of its source without one of them.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { sourceOf, writtenCalls } from '../support/written-calls.ts';
import { switched } from './calls.ts';
import { root } from './subjects.ts';
import { parsed } from './tree.ts';

const source = `(async () => {
  const { verdict }: Finding = await check('Check nodes').kubernetes.nodes({});
  if (verdict !== 'healthy')
    await step(\`Restart: \${verdict}\`, { approver: 'primary' }).kubernetes.restart({ workload: 'api' });
  await task('Tell the vendor', { owner: 'quantum' });
})()`;

test('a step and a check are calls, and what people do is none', () => {
  assert.deepEqual(
    switched('a.ts', source).calls.map(({ line, title }) => [line, title]),
    [
      [2, 'Check nodes'],
      [4, 'Restart: ${verdict}'],
    ],
  );
});

test('with a call taken out its step is not done, or its finding is unknown; all others are called', async () => {
  const said: string[] = [];
  const word = (title: string) => {
    const activity = () => Promise.resolve(said.push(title) > 0 && { verdict: 'faulty' });
    return { kubernetes: { nodes: activity, restart: activity } };
  };
  const { text, calls } = switched('a.ts', source);
  const played = async (mutant = 0) => {
    await runInNewContext(stripTypeScriptTypes(text), {
      URL: { takesOut: (id: number) => id === mutant },
      check: word,
      step: word,
      task: word,
    });
    return said.splice(0);
  };
  assert.deepEqual(await played(), ['Check nodes', 'Restart: faulty', 'Tell the vendor'].slice(0, 2));
  const [check, step] = calls;
  assert.ok(check && step);
  assert.deepEqual(await played(check.id), ['Restart: unknown']);
  assert.deepEqual(await played(step.id), ['Check nodes']);
});

test('every activity call of the written runbooks is found, and no switch breaks a source', () => {
  const read = (file: string) => switched(file, readFileSync(new URL(`workflows/runbooks/${file}`, root), 'utf8'));
  const files = globSync('**/*.ts', { cwd: new URL('workflows/runbooks', root) });
  for (const file of files) assert.doesNotThrow(() => parsed(stripTypeScriptTypes(read(file).text)), file);
  const slug = 'dynex-outage';
  const titles = files.filter(file => file.startsWith(slug)).flatMap(file => read(file).calls.map(({ title }) => title));
  const written = writtenCalls(sourceOf(slug)).flatMap(({ activity, title }) => (activity === undefined ? [] : [title]));
  assert.deepEqual(new Set(titles), new Set(written));
});
