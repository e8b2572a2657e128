import { shipped } from '../../workflows/catalog/shipped.ts';
import { activities as rows, type ShippedName } from '../../workflows/catalog/activities.ts';
import { NotFound } from '../errors.ts';
import { type Format, output, type Register } from './desk.ts';
import { type Output, outputs } from './outputs.ts';
import { bold, line } from './text.ts';

const examples = `
Examples:
  runbooks activities
  runbooks activities kubernetes
  runbooks activities kubernetes.restart
  runbooks activities -o json`;

type Shown = Output<'activities'>['activities'][number];

const isShipped = (name: string): name is ShippedName => Object.hasOwn(shipped, name);

/** Every shipped activity, in the order of the table; called as `step('…').kubernetes.restart({ … })`. */
export const shownActivities = (): Shown[] =>
  Object.keys(shipped)
    .filter(isShipped)
    .map(name => {
      const { subject, ...described } = shipped[name];
      return { name: `${subject}.${name}`, is: rows[name].is, ...described };
    });

/** Text lines about one. */
const activityLines = ({ name, is, does, input, asks, undo }: Shown): string[] => [
  `${bold(name)}  ${is}: ${does}.`,
  ...Object.entries(input).map(([field, says]) => line`  ${field}: ${says}`),
  ...(asks === undefined ? [] : [line`  asks people ${asks}`]),
  ...(undo === undefined ? [] : [line`  undo: ${undo}`]),
];

export const activities: Register = (program, desk) =>
  program
    .command('activities [name]')
    .description('the checks, actions and messages that a runbook may call: input, when people are asked, undo')
    .addOption(output())
    .addHelpText('after', examples)
    .action((name: string | undefined, { output: format }: { output: Format }) => {
      const all = shownActivities();
      const found = all.filter(one => name === undefined || one.name === name || one.name.split('.').includes(name));
      if (found.length === 0)
        throw new NotFound(line`There is no activity ${name ?? ''}. There are: ${all.map(one => one.name).join(', ')}`);
      desk.show(format, outputs.activities, { activities: found }, () => found.flatMap(activityLines));
    });
