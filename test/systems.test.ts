/** A system stands in its connector, its stand-in and the two lists of them; the rest of the machinery knows none by name. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { systemNames, systemVariables } from '../activities/connectors/index.ts';
import { practiceSystems, standIns } from '../lab/stand-ins/index.ts';

const machinery = [
  'activities/connectors/*.ts',
  'worker/*.ts',
  'worker/doctor/*.ts',
  'client/**/*.ts',
  'lab/practice/*.ts',
  'lab/stand-ins/{control,listen,main,serve,stand-in}.ts',
];

/** The cluster is the subject of many; who is paged is read by the ways that `roles.json` knows; new runbooks begin with one; a workload is called `api` too; the intake reads Grafana's alerts; who opens an incident says whether it has tickets. */
const subjects = ['kubernetes', 'KUBECONFIG', 'KUBERNETES_SERVICE_HOST'];
const others = [
  'worker/doctor/paging.ts',
  'worker/doctor/queries.ts',
  'client/cli/beginnings.ts',
  'client/cli/new.ts',
  'client/intake/forms.ts',
  'client/environment.ts',
];

/** `slack.ts` and `slack-channels.ts` are Slack's own, `operator-api.ts` that of `operatorApi`. */
const isOwn = (file: string) =>
  systemNames
    .map(name => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`))
    .some(stem => `${basename(file, '.ts')}-`.startsWith(`${stem}-`));

test('no system is known by hand outside its own files, the lists, and the activities whose subject it is', () => {
  const words = [...systemNames.map(name => `'${name}'`), ...systemVariables().map(([name]) => name)];
  const wanted = words.filter(word => !subjects.includes(word.replaceAll("'", '')));
  const files = machinery.flatMap(pattern => globSync(pattern)).filter(file => !isOwn(file) && !others.includes(file));
  const found = files.flatMap(file => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const code = lines.filter(line => !/^\s*(\/\*\*|\*|\/\/)/.test(line)).join('\n');
    return wanted.filter(word => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(code)).map(word => `${file} names ${word}`);
  });
  assert.deepEqual(found, []);
});

test('a stand-in of the practice platform is led to by variables of its system', () => {
  for (const name of practiceSystems) {
    assert.ok(
      systemNames.some(known => known === name),
      name,
    );
    const known = systemVariables().map(([variable]) => variable);
    for (const variable of Object.keys(standIns[name].environment(''))) assert.ok(known.includes(variable), variable);
  }
});

test('the connector of a system is named in the list of connectors alone, and its stand-in in that of the stand-ins', () => {
  const sources = ['activities', 'worker', 'client', 'workflows', 'lab'].flatMap(folder => globSync(`${folder}/**/*.ts`));
  const texts = new Map(sources.map(file => [file, readFileSync(file, 'utf8')]));
  const users = (declared: RegExp) =>
    [...texts].flatMap(([own, text]) =>
      [...text.matchAll(declared)].map(([, name = '']) => ({
        name,
        files: [...texts]
          .filter(([file, other]) => file !== own && new RegExp(`\\b${name}\\b`).test(other))
          .map(([file]) => file),
      })),
    );
  const described = users(/^export const (\w+) = describeSystem\(/gm);
  assert.deepEqual(described.length, systemNames.length);
  for (const { name, files } of described) assert.deepEqual(files, ['activities/connectors/index.ts'], name);
  const standing = users(/^export const (\w+): StandIn\b/gm);
  assert.deepEqual(standing.length, practiceSystems.length);
  for (const { name, files } of standing) assert.deepEqual(files, ['lab/stand-ins/index.ts'], name);
});
