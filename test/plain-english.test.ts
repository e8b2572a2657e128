/** Words that must be read twice do not occur: in comments, texts for operators, or pages. Decisions of earlier days keep theirs. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const root = new URL('..', import.meta.url).pathname;
const refused = /\b(mend(s|ed|ing)?|anew|whom|overtaken|errand|fates?)\b|nobody is heard of|is no symptom|shows nowhere/i;

/** Folders of which no comment opens with a relative pronoun as its subject. */
const plainFolders = ['workflows', 'activities', 'client', 'worker'];
const opening = /^\s*(\/\*\*|\/\/) ?(What|Who|Whom|Whose|Whether)\b|^\/\*\*\n \* (What|Who|Whom|Whose|Whether)\b/m;

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.md', '*.yaml'], {
  cwd: root,
})
  .toString()
  .split('\n')
  .filter(
    file =>
      file !== '' &&
      !file.startsWith('docs/decisions/2026-11-24') &&
      !file.startsWith('docs/written/') &&
      file !== 'test/plain-english.test.ts',
  );

test('the words that plain English has better ones for do not occur', () => {
  assert.ok(pages.length > 300);
  const found = pages.flatMap(file =>
    readFileSync(`${root}${file}`, 'utf8')
      .split('\n')
      .flatMap((line, index) => (refused.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(found, []);
});

test('no comment opens with What, Who, Whom, Whose or Whether: its subject is a noun', () => {
  const sources = pages.filter(file => file.endsWith('.ts') && plainFolders.some(folder => file.startsWith(`${folder}/`)));
  assert.ok(sources.length > 250, `${sources.length}`);
  const found = sources.flatMap(file => {
    const text = opening.exec(readFileSync(`${root}${file}`, 'utf8'))?.[0];
    return text === undefined ? [] : [`${file}: ${text.trim()}`];
  });
  assert.deepEqual(found, []);
});
