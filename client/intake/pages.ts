/** The written runbooks as pages: an alert's `runbook_url` leads here. */

import { readFileSync } from 'node:fs';
import { isWritten, type Runbook, runbooks } from '../../workflows/catalog/index.ts';

const written = new URL('../../docs/written/operational-runbooks.md', import.meta.url);

/** Markdown: how it runs here, then its section of the document. Nothing where the catalog has no such runbook. */
export function pageOf(slug: string): string | undefined {
  const runbook = runbooks.find(one => one.slug === slug);
  if (!runbook) return undefined;
  const section = sectionOf(readFileSync(written, 'utf8'), runbook.title);
  return [headOf(runbook), section ?? `# ${runbook.title}\n\nIt is none of the written runbooks.`].join('\n\n');
}

const headOf = (runbook: Runbook) =>
  isWritten(runbook)
    ? `> Runs as the workflow ${runbook.workflow}: \`runbooks list\` shows what is open, \`runbooks open ${runbook.slug}\` begins one.`
    : '> Not written as a workflow yet: follow the page.';

/** From its heading to the next one of the same or a higher level. Shell comments in code blocks are no headings. */
export function sectionOf(document: string, title: string): string | undefined {
  const lines = document.split('\n');
  const headings = headingsOf(lines);
  const heading = headings.find(({ text }) => text === title);
  if (!heading) return undefined;
  const next = headings.find(({ line, level }) => line > heading.line && level <= heading.level);
  return lines.slice(heading.line, next?.line).join('\n').trim();
}

function headingsOf(lines: string[]) {
  let isCode = false;
  return lines.flatMap((text, line) => {
    if (text.startsWith('```')) isCode = !isCode;
    const [, marks = '', words = ''] = (!isCode && /^(#+) (.+)$/.exec(text)) || [];
    return words === '' ? [] : [{ line, level: marks.length, text: words }];
  });
}
