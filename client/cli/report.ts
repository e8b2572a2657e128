import { Option } from 'commander';
import type { Register } from './desk.ts';
import { markdown } from './markdown.ts';
import { outputs } from './outputs.ts';
import { oldRecord } from './record.ts';

const examples = `
Examples:
  runbooks report dynex-outage-20261124-k7fp
  runbooks report dynex-outage-20261124-k7fp -o json`;

const formats = () => new Option('-o, --output <format>', 'a page, or data').choices(['markdown', 'json']).default('markdown');

export const report: Register = (program, desk) =>
  program
    .command('report <incident>')
    .description('the whole record of an incident, for the ticket and the post-mortem')
    .addOption(formats())
    .addHelpText('after', examples)
    .action(async (text: string, { output: format }: { output: 'markdown' | 'json' }) => {
      const record = await oldRecord(desk, text);
      desk.show(format === 'json' ? 'json' : 'text', outputs.report, record, () => markdown(record));
    });
