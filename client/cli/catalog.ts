/** All that the written document says besides its steps: severities, channels, contacts, runbooks, and its own version and review. */

import { reviewDue } from '../../activities/platform/document.ts';
import { runbooks, schedules, urgencies } from '../../workflows/catalog/index.ts';
import { severities } from '../../workflows/contract/index.ts';
import { type ClientPlatform, readPeople } from '../platform.ts';
import { type Desk, type Format, output, type Register } from './desk.ts';
import { type Output, outputs } from './outputs.ts';
import { bold, line, table } from './text.ts';

const examples = `
Examples:
  runbooks catalog
  runbooks catalog -o json`;

type Shown = Output<'catalog'>;

export const catalog: Register = (program, desk) =>
  program
    .command('catalog')
    .description('the data of the written document: severities, channels, contacts, runbooks, version, owner and next review')
    .addOption(output())
    .addHelpText('after', examples)
    .action(({ output: format }: { output: Format }) => {
      const shown = shownCatalog(desk);
      desk.show(format, outputs.catalog, shown, () => linesOf(shown));
    });

function shownCatalog(desk: Desk): Shown {
  const platform = desk.platform();
  return {
    document: platform.document,
    review: reviewDue(platform.document, desk.now()),
    severities: severities.map(severity => {
      const { clocks, ladder } = urgencies[severity];
      return { severity, ...clocks, pages: ladder.map(({ after, roles }) => ({ after, roles: [...roles] })) };
    }),
    channels: channelsOf(platform),
    contacts: contactsOf(platform, desk),
    runbooks: runbooks.map(({ slug, title, kind, severity, owner }) => ({
      slug,
      title,
      kind,
      severity,
      owner,
      starts: startOf(slug),
    })),
  };
}

const channelsOf = ({ channels, statusPage }: ClientPlatform): Record<string, string> => ({
  ...channels,
  'status page':
    Object.values(statusPage.components)
      .map(({ name }) => name)
      .join(', ') || 'no component',
});

/** By the names of variables and of people: addresses stand where they are described. */
function contactsOf({ roles }: ClientPlatform, { environment }: Desk): Shown['contacts'] {
  const people = Object.entries(readPeople(environment));
  return Object.entries(roles).map(([role, reached]) => ({
    role,
    people: people.flatMap(([name, theirs]) => (theirs.some(one => one === role) ? [name] : [])),
    reached:
      typeof reached === 'string'
        ? reached
        : Object.entries(reached ?? {})
            .map(([by, to]) => `${by} ${String(to)}`)
            .join(', '),
  }));
}

const two = (number: number) => String(number).padStart(2, '0');

/** In the platform's time zone; nothing where an alert or a person starts it. */
function startOf(slug: string): string | undefined {
  const { at } = schedules[slug] ?? {};
  return at && `${at.days?.join(', ').toLowerCase() ?? 'every day'} ${two(at.hour)}:${two(at.minute)}`;
}

const minutes = (count: number | undefined) => (count === undefined ? '' : `${count} min`);

function linesOf({ document, review, severities: all, channels, contacts, runbooks: written }: Shown): string[] {
  const { version = 'unknown', owner = 'unknown', updated = 'unknown', nextReview = 'not planned' } = document ?? {};
  const pages = (one: Shown['severities'][number]) =>
    one.pages.map(({ after, roles }) => `${roles.join(', ')} at ${after} min`).join(', ');
  return [
    bold('Document'),
    line`version ${version}, owner ${owner}, updated ${updated}, next review ${nextReview}`,
    ...(review === undefined ? [] : [line`${review}`]),
    '',
    bold('Severities'),
    ...table(
      ['SEVERITY', 'ACKNOWLEDGE', 'RESTORE', 'PAGES'],
      all.map(one => [one.severity, minutes(one.acknowledge), minutes(one.restore), pages(one)]),
    ),
    '',
    bold('Channels'),
    ...table(['CHANNEL', 'WHERE'], Object.entries(channels)),
    '',
    bold('Contacts'),
    ...table(
      ['ROLE', 'PEOPLE', 'REACHED BY'],
      contacts.map(({ role, people, reached }) => [role, people.join(', '), reached]),
    ),
    '',
    bold('Runbooks'),
    ...table(
      ['RUNBOOK', 'IS', 'SEVERITY', 'OWNER', 'STARTS'],
      written.map(one => [one.slug, one.kind, one.severity, one.owner, one.starts ?? '']),
    ),
  ];
}
