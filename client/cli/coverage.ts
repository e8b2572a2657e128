import { notCovered } from '../covered.ts';
import { isMapped, type WrittenLine, writtenLines } from '../coverage.ts';
import { NotFound } from '../errors.ts';
import { type Format, output, type Register } from './desk.ts';
import { outputs } from './outputs.ts';
import { bold, cut, line, table } from './text.ts';

const examples = `
Examples:
  runbooks coverage
  runbooks coverage dynex-outage
  runbooks coverage -o json`;

const count = (lines: WrittenLine[]) => `${lines.filter(isMapped).length}/${lines.length}`;

const notHere = 'does not run here';

/** Within its runbook. */
const shortId = ({ id, runbook }: WrittenLine) =>
  id.slice(id.indexOf(`${runbook}/`) < 0 ? 0 : id.indexOf(`${runbook}/`) + runbook.length + 1);

const rowOf = (written: WrittenLine) => [
  shortId(written),
  cut(written.text, 60),
  written.kind,
  written.exception === undefined ? written.ran : notHere,
  written.covered ?? '',
  written.places.map(place => place.replace(/\$\{\w+\}/, '…')).join(', '),
];

function partLines(lines: WrittenLine[], runbook: string): string[] {
  const some = lines.filter(one => one.runbook === runbook);
  const exceptions = some.flatMap(one =>
    one.exception === undefined ? [] : [line`${shortId(one)} ${notHere}: ${one.exception}`],
  );
  const uncovered = notCovered(runbook).map(title => line`not covered: no rehearsal misses ${title} when its call is taken out`);
  const rows = table(['LINE', 'WRITTEN', 'IS', 'RAN', 'REHEARSED', 'WHERE'], some.map(rowOf));
  return [bold(line`${runbook}: ${count(some)}`), ...rows, ...exceptions, ...uncovered, ''];
}

export const coverage: Register = (program, desk) =>
  program
    .command('coverage [runbook]')
    .description('each line of the written document: where it runs, and what is left')
    .addOption(output())
    .addHelpText('after', examples)
    .action((runbook: string | undefined, { output: format }: { output: Format }) => {
      const all = writtenLines();
      const parts = [...new Set(all.map(one => one.runbook))];
      if (runbook !== undefined && !parts.includes(runbook))
        throw new NotFound(line`The document has no ${runbook}. It has: ${parts.join(', ')}`);
      const lines = all.filter(one => runbook === undefined || one.runbook === runbook);
      const value = { lines: lines.map(shown), mapped: lines.filter(isMapped).length, of: lines.length };
      const text = () => [
        ...parts.filter(part => lines.some(one => one.runbook === part)).flatMap(part => partLines(lines, part)),
        `mapped ${count(lines)}; unmapped ${lines.length - lines.filter(isMapped).length}`,
      ];
      desk.show(format, outputs.coverage, value, text);
    });

const shown = ({ id, runbook, text, kind, places, differs, note, ran, covered, exception }: WrittenLine) => ({
  id,
  runbook,
  text,
  kind,
  places,
  differs,
  ran,
  covered,
  exception,
  explained: note === '' ? undefined : note,
});
