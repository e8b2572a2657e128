import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Usage } from '../../../client/errors.ts';
import { isKnown, readTokens } from '../../../client/intake/tokens.ts';
import { dynexDown, grafanaGroup, group } from './bodies.ts';
import { intake } from './edge.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a token', () => {
  test('of INTAKE_TOKEN is that of each path without one of its own', () => {
    assert.deepEqual(readTokens({ INTAKE_TOKEN: 'shared', INTAKE_TOKEN_GRAFANA: 'own' }), {
      '/alertmanager': ['shared'],
      '/grafana': ['own'],
      '/alerts': ['shared'],
    });
  });

  test('and the next one are both known while one replaces the other, also from a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nqba-token-')), 'token');
    writeFileSync(file, 'old, new\n');
    const { post } = intake({ tokens: readTokens({ INTAKE_TOKEN_FILE: file }) });
    for (const [token, status] of Object.entries({ old: 200, new: 200, 'old, new': 401, ol: 401 }))
      assert.equal((await post(group(dynexDown), bearer(token))).status, status, token);
  });

  test('of one path is not known at another', async () => {
    const { post } = intake({ tokens: readTokens({ INTAKE_TOKEN_GRAFANA: 'own' }) });
    assert.equal((await post(grafanaGroup(dynexDown), bearer('own'), '/grafana')).status, 200);
    for (const path of ['/alertmanager', '/alerts'])
      for (const token of ['own', '', 'undefined']) assert.equal((await post('{}', bearer(token), path)).status, 401);
  });

  test('is asked for before anything is served: none, an empty one, or three are refused', () => {
    assert.throws(() => readTokens({}), new Usage('INTAKE_TOKEN is not set: senders must know it.'));
    for (const text of [',', 'a,', 'a,b,c'])
      assert.throws(() => readTokens({ INTAKE_TOKEN: text }), /INTAKE_TOKEN must hold one token/);
  });

  test('is compared whole', () => {
    for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic hush', 'Bearer hus', 'Bearer hush '])
      assert.equal(isKnown(header, ['hush', 'next']), false, header);
    assert.equal(isKnown('bearer next', ['hush', 'next']), true);
  });
});
