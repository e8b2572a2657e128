/** The document that the intake serves, and the intake, as a client sees them that knows nothing but the document. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Running } from '../../lab/process.ts';
import { startIntake } from '../../lab/practice/servers.ts';
import { freePort, startTemporal } from '../client/temporal-server.ts';
import { schemathesis } from '../support/schemathesis.ts';

const program = await schemathesis();
const skip = program === undefined && 'not run: schemathesis is not installed';
const always = ['status_code_conformance', 'response_schema_conformance', 'content_type_conformance'];

describe('the served document', { skip }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-intake-'));
  let temporal: Awaited<ReturnType<typeof startTemporal>>;
  let intake: Running;
  let origin: string;
  let scraped: number;
  before(async () => {
    temporal = await startTemporal();
    const port = await freePort();
    scraped = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const senders = { INTAKE_PORT: `${port}`, INTAKE_URL: `${origin}/alertmanager`, INTAKE_TOKEN: 'hush' };
    const ours = { ...senders, INTAKE_METRICS_PORT: `${scraped}`, ARTIFACTS: join(dir, 'artifacts') };
    intake = await startIntake(dir, { ...temporal.environment, ...ours }, () => undefined);
  });
  after(async () => {
    await intake?.stop();
    await temporal?.stop();
  });

  /** Fails with the request that was answered otherwise than the checks allow. */
  async function requests(...checks: string[]) {
    const limits = ['--checks', [...always, ...checks].join(','), '--max-examples', '25'];
    const args = ['run', `${origin}/openapi.json`, '-H', 'Authorization: Bearer hush', ...limits, '--seed', '1', '--no-color'];
    const ending = promisify(execFile)(program ?? '', args, { cwd: dir, maxBuffer: 2 ** 26 });
    await ending.catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
  }

  test('is true, and no request that it allows or forbids makes the intake fail', async () => {
    await requests('not_a_server_error');
    const metrics = await (await fetch(`http://127.0.0.1:${scraped}/metrics`)).text();
    for (const path of ['/alertmanager', '/grafana', '/alerts'])
      assert.match(metrics, new RegExp(`^nqba_runbooks_intake_alerts_total\\{path="${path}"`, 'm'));
  });

  test('is true while Temporal is away: nothing fails but by 503', async () => {
    await temporal.stop();
    await requests();
    assert.doesNotMatch(readFileSync(join(dir, 'logs', 'intake.log'), 'utf8'), /^intake: /m);
  });
});
