/** docs/decisions-and-approvals.md has a row for every question that the kit asks. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { questionKinds } from '../workflows/contract/question.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const rows = read('docs/decisions-and-approvals.md').match(/^\| .+/gm) ?? [];
const kit = globSync('workflows/kit/**/*.ts', { cwd: root }).map(read).join('\n');

test('a question with a title of its own has a row of that title', () => {
  const titles = [...kit.matchAll(/(?:\btitle: |\b(?:endTitle|stillFires) = |\bwithoutSymptom = .*=> )['`]([^'`$]+)/g)];
  assert.ok(titles.length > 7);
  for (const [, title = ''] of titles)
    assert.ok(
      rows.some(row => row.startsWith(`| *${title}`)),
      title,
    );
});

test('every other kind of question has a row of its kind', () => {
  const titled = ['choice', 'cancelled', 'handover'];
  for (const kind of questionKinds.filter(one => !titled.includes(one)))
    assert.ok(
      rows.some(row => row.startsWith(`| a **${kind}**`)),
      kind,
    );
});

test('every choice that the kit offers stands in a row', () => {
  const lists = [...kit.matchAll(/\b(?:planC|heldC|stuckC|c)hoices(?: =|:) \[([^\]]*)\]/g)].map(([, list = '']) => list);
  const named = [...kit.matchAll(/^(?:export )?const (?:\w+Them|keepGoing|closeAnyway|byHand|runOn|begin) = '([^']+)';/gm)];
  const choices = [...lists.flatMap(list => [...list.matchAll(/'([^']+)'/g)]), ...named].map(([, choice = '']) => choice);
  assert.ok(choices.length > 15, choices.join(', '));
  for (const choice of choices)
    assert.ok(
      rows.some(row => row.includes(`*${choice}*`)),
      choice,
    );
});
