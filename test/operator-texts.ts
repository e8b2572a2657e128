/** Collects the texts that operators read, from the source, into docs/operator-texts.md: `node test/operator-texts.ts` rewrites it. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'acorn';
import { isNode, type Node, nodesOf } from '../activities/own-runbooks/syntax.ts';

const root = new URL('..', import.meta.url).pathname;
export const page = `${root}docs/operator-texts.md`;
export const rewrite = 'node --disable-warning=ExperimentalWarning test/operator-texts.ts';

/** Texts of these reach the board, pages, Slack, the status page, questions and refusals. The rest of the terminal is `--help`. */
const folders =
  'workflows/kit workflows/runbooks workflows/take-back.ts workflows/catalog/maintenance-text.ts activities/messages activities/comms.ts activities/comms ' +
  'client/cli/first-lines.ts client/cli/impact.ts client/cli/show.ts client/cli/details.ts client/cli/question-lines.ts';

/** The first word of a sentence for people, and a second one: names of fields, imports and code have none. */
const isSentence = (text: string) =>
  /^[^<>=;]*\p{L}\p{Ll}+[^<>=;]* [^<>=;]*\p{Ll}{2}/u.test(text) && !/^(import|export) /.test(text);

/** Imports, and the kinds of events, which only code reads. */
const isCode = ({ type, ...node }: Node) =>
  type === 'ImportDeclaration' ||
  (type === 'Property' && isNode(node['key']) && (node['key']['name'] === 'kind' || isEvent(node['key'])));

/** A key of the table of reducers: two or three words in lower case. */
const isEvent = ({ value }: Node) => typeof value === 'string' && /^[a-z]+( [a-z]+){1,3}$/.test(value);

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return undefined;
  const parts = node['quasis'].map((part: { value: { cooked: string } }) => part.value.cooked);
  return parts.join('…');
}

function textsIn(file: string): string[] {
  const program = parse(stripTypeScriptTypes(readFileSync(`${root}${file}`, 'utf8')), {
    ecmaVersion: 'latest',
    sourceType: 'module',
  });
  if (!isNode(program)) throw new Error(`${file} cannot be parsed`);
  const texts = [...nodesOf(program, node => !isCode(node))].flatMap(({ node }) => (isCode(node) ? [] : (textOf(node) ?? [])));
  return [...new Set(texts.map(text => text.replace(/\s+/g, ' ').trim()).filter(isSentence))];
}

export function operatorTexts(): string {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders.split(' ')], {
    cwd: root,
  });
  const named = files
    .toString()
    .split('\n')
    .filter(file => file.endsWith('.ts'))
    .sort();
  const read = new Set<string>();
  const sections = named.flatMap(file => {
    const texts = textsIn(file).filter(text => !read.has(text));
    for (const text of texts) read.add(text);
    return texts.length > 0 ? [`## ${file}\n\n${texts.map(text => `- ${text}`).join('\n')}\n`] : [];
  });
  const head = `# Texts that operators read\n\nMade from the source, each where it stands first; … is a value. Read it as text, aloud, after a change. Rewrite it: \`${rewrite}\`\n`;
  return [head, ...sections].join('\n');
}

if (import.meta.main) writeFileSync(page, operatorTexts());
