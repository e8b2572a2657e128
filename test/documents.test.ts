/** README, changelog, docs and .env.example say what the code does: nothing in them is taken on trust. */

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { kubectl } from '../client/cli/cluster.ts';
import { Desk } from '../client/cli/desk.ts';
import { program } from '../client/cli/program.ts';
import * as endings from '../client/errors.ts';
import { practiceSystems as systems, standIns } from '../lab/stand-ins/index.ts';
import { states } from '../lab/world/systems.ts';
import { isWritten, runbooks } from '../workflows/catalog/index.ts';
import { answered, reportQuery } from '../workflows/contract/messages.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';
import { messageNames } from '../workflows/kit/incident/messages.ts';
import { readDecision, readPerson } from '../workflows/kit/incident/parse.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root, exclude: ['docs/written/**'] }).toSorted()];
const all = pages.map(read).join('\n');

interface Block {
  page: string;
  language: string;
  text: string;
}

const blocks: Block[] = pages.flatMap(page =>
  [...read(page).matchAll(/^( *)```(\w*)\n([^]*?)^\1```$/gm)].map(([, , language = '', text = '']) => ({ page, language, text })),
);
const inLanguage = (language: string) => blocks.filter(block => block.language === language);

/** Commands of the shell blocks: continued lines joined, without comments and pipes. */
const typed: string[] = inLanguage('sh').flatMap(({ text }) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map(line => line.replace(/\s+(#|\|).*$/, '').trim()),
);
const starting = (command: string) => typed.filter(line => line === command || line.startsWith(`${command} `));

/** Code inside sentences. */
const inline: string[] = pages.flatMap(page =>
  [
    ...read(page)
      .replace(/^( *)```[^]*?^\1```$/gm, '')
      .matchAll(/`([^`\n]+)`/g),
  ].map(([, code = '']) => code),
);

const words = (line: string) =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/^['"]|['"]$/g, ''));
const flagsIn = (line: string) => words(line).filter(word => /^--?[a-z]/.test(word));

const desk = () => new Desk({ environment: { RUNBOOKS_PLATFORM: join(root, 'platform.json') }, practice: false });
const { commands } = program(desk());
const inside = (command: Command): Command[] => [command, ...command.commands.flatMap(inside)];
const flagsOf = ({ options }: Command) => ['--help', ...options.flatMap(({ long, short }) => [long, short])];

/** The command that a line names, and what it may be called with; nothing when there is none. */
function named(line: string): Command | undefined {
  const [, name, second] = words(line);
  const command = commands.find(one => one.name() === name);
  return command?.commands.find(one => one.name() === second) ?? command;
}

/** Throws what a person would be told who typed it; does nothing else. */
function parse(line: string) {
  const dry = program(desk());
  for (const command of inside(dry)) {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  dry.parse(words(line).slice(1), { from: 'user' });
}

function helpOf(command: Command): string {
  const said: string[] = [];
  command.configureOutput({ writeOut: text => said.push(text) }).outputHelp();
  return said.join('');
}

describe('the command line', () => {
  test('takes every command of a shell block as it is written there', () => {
    assert.ok(starting('runbooks').length > 30);
    for (const line of starting('runbooks')) assert.doesNotThrow(() => parse(line), line);
  });

  test('takes every example of its own help', () => {
    for (const command of commands.flatMap(inside))
      for (const [line] of helpOf(command).matchAll(/^ {2}runbooks .*$/gm))
        assert.doesNotThrow(() => parse(line.replace(/ \| .*$/, '').trim()), line);
  });

  test('has every command and flag that a sentence names', () => {
    const mentions = inline.filter(code => code.startsWith('runbooks '));
    assert.ok(mentions.length > 10);
    for (const code of mentions) {
      const command = named(code);
      assert.ok(command, code);
      assert.deepEqual(
        flagsIn(code).filter(flag => !flagsOf(command).includes(flag)),
        [],
        code,
      );
    }
  });

  test('is described whole: no command is missing', () => {
    const described = [...typed, ...inline].filter(line => line.startsWith('runbooks ')).map(named);
    const leaves = commands.flatMap(inside).filter(command => command.commands.length === 0);
    const names = (some: (Command | undefined)[]) => [...new Set(some.map(command => command?.name()))];
    assert.deepEqual(
      names(leaves).filter(name => !names(described).includes(name)),
      [],
    );
  });

  test('opens and arms runbooks that the catalog or an example has', () => {
    const shown = globSync('examples/**/*.catalog.json', { cwd: root }).map(file => basename(file, '.catalog.json'));
    const slugs = [...runbooks.map(({ slug }) => slug), ...shown];
    const lines = starting('runbooks').filter(line => /^runbooks (open|arm) /.test(line));
    for (const line of lines) assert.ok(slugs.includes(words(line)[2] ?? ''), line);
  });

  test('ends with the codes of the table', () => {
    const rows = [...read('README.md').matchAll(/^\| (\d) \| ([\w ]+) \|$/gm)].map(([, code, word]) => [code, word]);
    const { Stop: _, ...classes } = endings;
    const known = Object.values(classes)
      .map(Ending => new Ending(''))
      .map(({ exit, name }) => [exit, spaced(name)]);
    assert.deepEqual(Object.fromEntries(rows), Object.fromEntries([[0, 'ok'], ...known]));
  });
});

/** `NotFound` as the table writes it: lower case but for the name of a product. */
const spaced = (name: string) =>
  name.replace(/\B[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace(/^(?!Temporal)[A-Z]/, letter => letter.toLowerCase());

describe('without our command line', () => {
  const told = starting('temporal').filter(line => /^temporal workflow (signal|update) /.test(line));
  const after = (line: string, flag: string) => words(line)[words(line).indexOf(flag) + 1] ?? '';
  const updates: string[] = [...answered];
  const signals: string[] = messageNames;

  test('signals, updates and queries are those of the workflow', () => {
    const isUpdate = (line: string) => line.startsWith('temporal workflow update');
    for (const line of told) assert.ok((isUpdate(line) ? updates : signals).includes(after(line, '--name')), line);
    for (const line of starting('temporal workflow query')) assert.equal(after(line, '--type'), reportQuery);
  });

  test('what is sent is what the workflow reads', () => {
    assert.ok(told.length > 4);
    for (const line of told) {
      const said = [JSON.parse(after(line, '--input'))];
      assert.ok('ok' in (after(line, '--name') === 'decide' ? readDecision(said) : readPerson(said)), line);
    }
  });

  test('the search attributes that are created are those that incidents set', () => {
    const [line = ''] = starting('temporal operator search-attribute create');
    const pairs = [...line.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [name, type]);
    assert.deepEqual(Object.fromEntries(pairs), searchAttributes);
  });

  test('the line that holds everything is the one that hold prints', () => {
    assert.ok(typed.includes(kubectl(desk(), { hold: 'we do not trust the metrics' })));
  });
});

describe('npm', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));

  test('has every script that is named', () => {
    const called = [...all.matchAll(/\bnpm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name).filter(name => name !== 'ci');
    assert.ok(called.includes('start') && called.includes('test'));
    assert.deepEqual(
      called.filter(name => !(name in scripts)),
      [],
    );
  });

  test('start has every flag that is named, and explains it', () => {
    const [, help = ''] = /^const help = `([^`]+)`/m.exec(read('lab/main.ts')) ?? [];
    const flags = [...typed, ...inline].filter(line => line.startsWith('npm start')).flatMap(flagsIn);
    for (const flag of flags) assert.match(help, new RegExp(`^  ${flag}\\b`, 'm'), flag);
    const alone = inline.filter(code => /^--[a-z]+/.test(code)).flatMap(flagsIn);
    const known = [...commands.flatMap(inside).flatMap(flagsOf), ...help.split(/\s/)];
    assert.deepEqual(
      alone.filter(flag => !known.includes(flag)),
      [],
    );
  });
});

describe('a variable', () => {
  const sources = globSync(
    ['{activities,client,lab,worker,workflows}/**/*.{ts,js}', 'node_modules/@temporalio/envconfig/lib/*.js'],
    {
      cwd: root,
    },
  );
  const code = [...sources, 'platform.json', 'examples/roles.json'].map(read).join('\n');
  const named = new Set([...`${all}\n${read('.env.example')}`.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)].map(([name]) => name));

  test('that is named is read, or written, by the code', () => {
    assert.ok(named.size > 30);
    const isRead = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
    const unread = [...named].filter(name => !isRead(name) && !isRead(name.replace(/_FILE$/, '')));
    assert.deepEqual(unread, []);
  });

  test('of the practice platform is explained', () => {
    const code = ['environment', 'start'].map(file => read(`lab/practice/${file}.ts`)).join('\n');
    const ofSystems = systems.flatMap(system => Object.keys(standIns[system].environment('')));
    const written = [...Array.from(code.matchAll(/\b([A-Z]+(?:_[A-Z]+)*): /g), ([, name = '']) => name), ...ofSystems];
    assert.ok(written.length > 30);
    for (const name of written) assert.ok(read('docs/practice.md').includes(`\`${name}\``), name);
  });
});

describe('every page', () => {
  test('links to what is there', () => {
    for (const page of pages)
      for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [path = '', heading] = target.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(join(root, file)), `${page}: ${target}`);
        if (heading !== undefined) assert.ok(headings(file).includes(heading), `${page}: ${target}`);
      }
  });

  test('has JSON and YAML that parse', () => {
    for (const { page, text } of inLanguage('json')) assert.doesNotThrow(() => JSON.parse(text), page);
    for (const { page, text } of inLanguage('yaml'))
      for (const { errors } of parseAllDocuments(text)) assert.deepEqual(errors, [], page);
  });

  test('quotes runbooks as they are written', () => {
    const written = globSync(['workflows/runbooks/*.ts', 'examples/**/*.ts'], { cwd: root }).map(read);
    const source = written.join('\n').replace(/\s+/g, ' ');
    const calls = /\b(?:step|check|watch|task|ask|phase|remedy)\(.*[^,;\n]/g;
    const quoted = inLanguage('ts').flatMap(({ text }) => [...text.matchAll(calls)].map(([call]) => call));
    assert.ok(quoted.length > 5);
    for (const call of quoted) assert.ok(source.includes(call), call);
  });

  test('speaks of the product only, not of the place where it is made', () => {
    for (const page of [...pages, '.env.example'])
      assert.doesNotMatch(read(page), /\/work\/|\/root\b|\bsessions?\b|\bagents?\b|artifactory|\bregistry\./i, page);
  });

  test('of decisions is dated, and says why and what was rejected', () => {
    for (const page of pages.filter(one => one.startsWith('docs/decisions/'))) {
      assert.match(page, /\/\d{4}-\d\d-\d\d-[a-z0-9-]+\.md$/);
      assert.match(read(page), new RegExp(`^# .+\n\n${page.slice('docs/decisions/'.length).slice(0, 10)}`));
      assert.match(read(page), /\*Rejected:\*|\*\*Rejected\.\*\*/, page);
      assert.ok(read(page).split('\n').length < 40, page);
    }
  });
});

const headings = (file: string) =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the README', () => {
  test('shows the scenes of the guided incident under their headings', () => {
    const guide = ['guide', 'dynex-outage', 'scenes'].map(name => read(`lab/guide/${name}.ts`)).join('');
    const scenes = [...guide.matchAll(/heading\(say, (\d), '(.+)'\)/g)].map(([, number, title]) => `${number}. ${title}`);
    const shown = [...read('README.md').matchAll(/^\d\. .+$/gm)].map(([line]) => line);
    assert.equal(scenes.length, 9);
    assert.deepEqual(
      scenes.filter(scene => !shown.includes(scene)),
      [],
    );
  });

  test('counts the runbooks that are not written yet', () => {
    const unwritten = runbooks.filter(runbook => !isWritten(runbook)).length;
    const said = unwritten === 0 ? 'All sixteen run' : `**${unwritten} of the ${runbooks.length} runbooks**`;
    assert.ok(read('README.md').includes(said), said);
  });

  test('sends readers to practice for every system and state', () => {
    const page = read('docs/practice.md');
    for (const word of [...systems, ...states]) assert.ok(page.includes(`\`${word}\``), word);
  });
});
