/** The search for secrets finds what is planted: else it would prove nothing that it finds none. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { foundIn } from './support/found-in-files.ts';

const value = 'xoxb+51d0"a27e9c44';
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a value is found as it is, between any bytes, in hexadecimal, in a URL, in JSON, and in base64 wherever it begins', () => {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  mkdirSync(join(folder, 'deep', 'left'), { recursive: true });
  const planted: Record<string, string> = {
    'raw.db': `\0\u0001${value}\0`,
    'deep/alone.txt': base64(value),
    'deep/as-password.log': `Authorization: Basic ${base64(`us:${value}`)}`,
    'deep/longer.json': base64(`u:${value}:more`),
    'deep/hexadecimal': Buffer.from(value).toString('hex'),
    'deep/in-a-url.log': `/?token=${encodeURIComponent(value)}`,
    'deep/body.json': JSON.stringify({ value }),
    'deep/left/env': value,
    'deep/other.txt': base64('xoxb+61d0"a27e9c44'),
  };
  for (const [file, text] of Object.entries(planted)) writeFileSync(join(folder, file), text);
  const names = Object.keys(planted)
    .filter(file => !['deep/left/env', 'deep/other.txt'].includes(file))
    .toSorted();
  assert.deepEqual(
    foundIn(folder, { token: value }, ['deep/left']).toSorted(),
    names.map(name => `token in ${name}`),
  );
});
