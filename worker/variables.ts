/** Every variable that is read, with its default and meaning. `node worker/variables.ts` writes .env.example and docs/variables.md. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Documented, documented } from '../activities/connectors/description.ts';
import { systemVariables } from '../activities/connectors/index.ts';
import { around, network, practice, servers } from './variables/own.ts';

export interface Variable extends Documented {
  name: string;
  /** Empty where there is none. */
  byDefault: string;
}

export interface Group {
  title: string;
  /** Lines below the title. */
  about?: string[];
  variables: Variable[];
}

export const groups = (): Group[] => [
  ...around,
  {
    title: 'Outside systems (worker; KUBECONFIG also runbooks hold, release, arm, undo)',
    about: ['Of a system that is not connected, steps become text and commands to paste.'],
    variables: systemVariables().map(([name, schema]) => ({ ...meaningOf(name, schema), name, byDefault: defaultOf(schema) })),
  },
  network,
  ...servers,
  practice,
];

function meaningOf(name: string, schema: z.ZodType): Documented {
  const found = documented.get(schema);
  if (!found) throw new Error(`${name} has no meaning: register it in its connector.`);
  return found;
}

function defaultOf(schema: z.ZodType): string {
  const { data } = schema.safeParse(undefined);
  return typeof data === 'string' ? data : '';
}

const preamble = `# Every variable that nqba-runbooks reads, with its default and meaning. Commented lines are defaults or examples.
# Secrets may also lie in a file: SLACK_BOT_TOKEN_FILE=/run/secrets/slack. Both at once are refused.
# An empty variable counts as absent. docs/variables.md says what is lost without each.
`;

export const envExample = (): string =>
  [
    preamble,
    ...groups().map(
      ({ title, about = [], variables }) =>
        `${[heading(title), ...about.map(line => `# ${line}`), ...variables.map(exampleOf)].join('\n')}\n`,
    ),
  ].join('\n');

const heading = (title: string) => `# ---- ${title}`;

function exampleOf({ name, byDefault, example, means, needed, secret }: Variable): string {
  const setting = `${needed ? '' : '# '}${name}=${example ?? byDefault}`;
  return `${setting.padEnd(39)} # ${means}${secret ? ` (secret: also ${name}_FILE)` : ''}`;
}

const tableHead = ['| variable | default | meaning | without it |', '| --- | --- | --- | --- |'];

export const variablesPage = (): string =>
  [
    '# Variables',
    '',
    'Made from the code by `node worker/variables.ts`. An empty variable counts as absent. A *secret* may also lie in a file:',
    '`SLACK_BOT_TOKEN_FILE=/run/secrets/slack`; a variable and its `_FILE` both set are refused.',
    '[`.env.example`](../.env.example) is the same list to copy.',
    ...groups().flatMap(({ title, about = [], variables }) => [
      '',
      `## ${title}`,
      '',
      ...(about.length > 0 ? [about.join(' '), ''] : []),
      ...tableHead,
      ...variables.map(rowOf),
    ]),
    '',
  ].join('\n');

const rowOf = ({ name, byDefault, means, without = '', secret }: Variable) =>
  `| \`${name}\` | ${byDefault && `\`${byDefault}\``} | ${secret ? '*secret*; ' : ''}${means.replaceAll('|', String.raw`\|`)} | ${without} |`;

const root = join(import.meta.dirname, '..');

/** File and content of each. */
export const documents = (): [string, string][] => [
  [join(root, '.env.example'), envExample()],
  [join(root, 'docs/variables.md'), variablesPage()],
];

if (import.meta.main) for (const [file, content] of documents()) writeFileSync(file, content);
