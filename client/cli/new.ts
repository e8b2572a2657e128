import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowOf } from '../../activities/own-runbooks.ts';
import { runbooks } from '../../workflows/catalog/index.ts';
import { value } from '../environment.ts';
import { Refused, Usage } from '../errors.ts';
import type { Desk, Register } from './desk.ts';
import { beginnings } from './beginnings.ts';
import { line, quoted } from './text.ts';

const examples = `
Examples:
  runbooks new 'Crash Looping' --runbooks our-runbooks

Writes four files that fit together: the runbook, its catalog entry, an alert rule and a rehearsal that passes.
The next steps are in docs/writing-a-runbook.md. Nothing is overwritten.`;

export const newRunbook: Register = (program, desk) =>
  program
    .command('new <title>')
    .description('start a runbook of your own, in a folder of your own')
    .option('--runbooks <folder>', 'instead of RUNBOOKS_FOLDER')
    .addHelpText('after', examples)
    .action((title: string, { runbooks: given }: { runbooks?: string }) => {
      const folder = given ?? value(desk.environment, 'RUNBOOKS_FOLDER');
      if (!folder) throw new Usage('Name the folder of your runbooks: --runbooks <folder>, or set RUNBOOKS_FOLDER.');
      const slug = slugOf(title);
      const files = beginnings({ title, slug, workflow: workflowOf(slug), workload: aWorkload(desk) });
      refuseToOverwrite(folder, Object.keys(files));
      mkdirSync(folder, { recursive: true });
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { flag: 'wx' });
      const its = `--runbooks ${quoted(folder)}`;
      desk.out([
        ...Object.keys(files).map(name => line`${join(folder, name)}`),
        '',
        `Rehearse it:  runbooks rehearse ${slug} ${its}`,
        `Run it:       runbooks worker ${its}   and   runbooks intake ${its}`,
      ]);
    });

/** `Crash Looping` becomes `crash-looping`. Throws where that is no name, or is taken. */
function slugOf(title: string): string {
  if (!/^[A-Z][A-Za-z0-9]*([ -][A-Za-z0-9]+)*$/.test(title))
    throw new Usage(
      line`${JSON.stringify(title)} cannot be a title: use words of letters and digits, the first one capitalised.`,
    );
  const slug = title.toLowerCase().replaceAll(' ', '-');
  if (runbooks.some(one => one.slug === slug))
    throw new Refused(line`The catalog has ${title} (${slug}) already: choose another title.`);
  return slug;
}

/** The API where there is one, else the first that is described. */
function aWorkload(desk: Desk): string {
  try {
    const names = Object.keys(desk.platform().workloads);
    return names.includes('api') ? 'api' : (names[0] ?? 'api');
  } catch {
    return 'api';
  }
}

function refuseToOverwrite(folder: string, names: string[]) {
  const there = names.map(name => join(folder, name)).filter(file => existsSync(file));
  if (there.length > 0) throw new Refused(line`Nothing was written, because these files exist already: ${there.join(', ')}.`);
}
