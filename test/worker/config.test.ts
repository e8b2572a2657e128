import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../../worker/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const platform = join(import.meta.dirname, '../../platform.json');
const enough = { KUBECONFIG: '/kube/config', PROMETHEUS_URL: 'https://prometheus.example.com', RUNBOOKS_PLATFORM: platform };
const read = (more: Environment = {}) => readConfig({ ...enough, ...more });

/** What it refuses to start for, a line each. */
async function faults(more: Environment): Promise<string[]> {
  const error = await read(more).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof ConfigError) return error.message.split('\n');
  throw new Error(`it was not refused: ${String(error)}`);
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('KUBECONFIG and PROMETHEUS_URL suffice; nothing else is connected', async () => {
  const { connections, taskQueue, healthPort } = await read();
  const { pagerduty, webhook, proxies, ...others } = connections;
  assert.equal(proxies, undefined);
  assert.deepEqual([pagerduty?.routingKeys('PAGERDUTY_ROUTING_KEY'), webhook?.urls('ANN_WEBHOOK_URL')], [undefined, undefined]);
  assert.deepEqual(others, {
    artifacts: { folder: 'artifacts' },
    kubernetes: { kubeconfig: '/kube/config' },
    prometheus: { url: 'https://prometheus.example.com' },
  });
  assert.deepEqual([taskQueue, healthPort], ['nqba-runbooks', 0]);
});

test('in a Pod its own account takes the place of KUBECONFIG', async () => {
  const { connections } = await read({ KUBECONFIG: '', KUBERNETES_SERVICE_HOST: '10.0.0.1' });
  assert.deepEqual(connections.kubernetes, {});
});

test('without a cluster or without Prometheus it refuses to start, and names both at once', async () => {
  assert.deepEqual(await faults({ KUBECONFIG: undefined, PROMETHEUS_URL: '' }), [
    'KUBECONFIG is missing: the worker needs a cluster',
    'PROMETHEUS_URL is missing: without it nothing can be measured',
  ]);
});

for (const [given, missing] of [
  [{ STATUSPAGE_API_KEY: 'key' }, 'STATUSPAGE_PAGE_ID'],
  [{ STATUSPAGE_PAGE_ID: 'page' }, 'STATUSPAGE_API_KEY'],
  [{ STATUSPAGE_API_URL: 'https://status.example.com/v1' }, 'STATUSPAGE_API_KEY'],
  [{ SLACK_API_URL: 'https://slack.example.com/api/' }, 'SLACK_BOT_TOKEN'],
  [{ PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com' }, 'PAGERDUTY_ROUTING_KEY'],
  [{ SMTP_URL: 'smtps://smtp.example.com' }, 'MAIL_FROM'],
  [{ MAIL_FROM: 'runbooks@example.com' }, 'SMTP_URL'],
] as const)
  test(`${Object.keys(given).join()} alone is half a configuration: ${missing} is named`, async () => {
    const [fault = '', ...more] = await faults(given);
    assert.match(fault, new RegExp(`^${missing} (and \\w+ are|is) missing`));
    assert.deepEqual(more, []);
  });

test('every base address can be set', async () => {
  const { connections } = await read({
    DYNEX_API_URL: 'https://dynex.example.com',
    DYNEX_STATUS_URL: 'https://status.dynex.example.com/summary.json',
    NQBA_API_URL: 'https://api.example.com',
    NQBA_API_POD_URL: 'http://{ip}:8000',
    SLACK_API_URL: 'https://slack.example.com/api/',
    SLACK_BOT_TOKEN: 'xoxb-1',
    PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com',
    PAGERDUTY_ROUTING_KEY: 'route',
    STATUSPAGE_API_URL: 'https://page.example.com/v1',
    STATUSPAGE_API_KEY: 'key',
    STATUSPAGE_PAGE_ID: 'nqba',
  });
  const { dynex, api, slack, pagerduty, statuspage } = connections;
  assert.deepEqual(dynex, { url: 'https://dynex.example.com', statusUrl: 'https://status.dynex.example.com/summary.json' });
  assert.deepEqual(api, { url: 'https://api.example.com', podUrl: 'http://{ip}:8000' });
  assert.deepEqual(slack, { url: 'https://slack.example.com/api/', token: 'xoxb-1' });
  assert.deepEqual(pagerduty?.url, 'https://events.eu.pagerduty.com');
  assert.deepEqual(pagerduty?.routingKeys('PAGERDUTY_ROUTING_KEY'), 'route');
  assert.deepEqual(statuspage, { url: 'https://page.example.com/v1', key: 'key', page: 'nqba' });
});

test('a secret may lie in a file, and loses the line break at its end', async () => {
  const { connections } = await read({
    SLACK_BOT_TOKEN_FILE: file('slack', 'xoxb-file\n'),
    PAGERDUTY_ROUTING_KEY_FILE: file('pagerduty', 'route-file\n'),
  });
  assert.equal(connections.slack?.token, 'xoxb-file');
  assert.equal(connections.pagerduty?.routingKeys('PAGERDUTY_ROUTING_KEY'), 'route-file');
});

test('tickets need a repository and a token, which may lie in a file', async () => {
  const given = { TICKETS_REPOSITORY: 'shop/operations', TICKETS_TOKEN_FILE: file('tickets', 'ghp-file\n') };
  const { connections } = await read(given);
  const url = 'https://api.github.com';
  assert.deepEqual(connections.tickets, { url, repository: 'shop/operations', token: 'ghp-file' });
  assert.deepEqual(await faults({ TICKETS_REPOSITORY: 'shop/operations' }), ['TICKETS_TOKEN is missing: tickets need both']);
  assert.deepEqual(await faults({ TICKETS_TOKEN: 't' }), ['TICKETS_REPOSITORY is missing: tickets need both']);
  assert.deepEqual(await faults({ ...given, TICKETS_REPOSITORY: 'operations' }), [
    'TICKETS_REPOSITORY is not a repository, as owner/name',
  ]);
});

test('a secret given twice, in a file that is not there or in an empty one is refused', async () => {
  const twice = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_BOT_TOKEN_FILE: file('other', 'xoxb-2') };
  assert.deepEqual(await faults(twice), ['SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: unset one of them']);
  const absent = join(folder, 'absent');
  assert.deepEqual(await faults({ SLACK_BOT_TOKEN_FILE: absent }), [
    `SLACK_BOT_TOKEN_FILE names ${absent}, which cannot be read`,
  ]);
  const empty = file('empty', '\n');
  assert.deepEqual(await faults({ SLACK_BOT_TOKEN_FILE: empty }), [`SLACK_BOT_TOKEN_FILE names ${empty}, which is empty`]);
});

test('an address that is none, and a port that is none, are named', async () => {
  assert.deepEqual(await faults({ PROMETHEUS_URL: 'prometheus:9090', DYNEX_API_URL: 'ftp://dynex' }), [
    'PROMETHEUS_URL is not an http or https address',
    'DYNEX_API_URL is not an http or https address',
  ]);
  for (const port of ['eighty', '70000', '1.5']) assert.match((await faults({ WORKER_PORT: port })).join(), /^WORKER_PORT /);
});

test('no refusal repeats a secret', async () => {
  const told = await faults({ SLACK_BOT_TOKEN: 'xoxb-do-not-tell', STATUSPAGE_API_KEY: 'do-not-tell', PROMETHEUS_URL: 'no' });
  assert.doesNotMatch(told.join(), /do-not-tell/);
});

test('a platform that is not there, is no JSON, or is wrong in two places is named with what to correct', async () => {
  const absent = join(folder, 'absent.json');
  assert.match(
    (await faults({ RUNBOOKS_PLATFORM: absent })).join(),
    /^RUNBOOKS_PLATFORM names .*absent\.json, which cannot be read/,
  );
  const broken = file('broken.json', '{');
  assert.match((await faults({ RUNBOOKS_PLATFORM: broken })).join(), /broken\.json: .*JSON/);
  const { default: good } = await import(platform, { with: { type: 'json' } });
  const wrong = file('wrong.json', JSON.stringify({ ...good, cluster: '', times: { ...good.times, pace: 0 } }));
  const [head = '', ...lines] = await faults({ RUNBOOKS_PLATFORM: wrong });
  assert.match(head, /wrong\.json: The platform description is not valid/);
  assert.deepEqual(
    lines.map(text => text.trim().split(':')[0]),
    ['cluster', 'times.pace'],
  );
});

test('nobody to page is said at the start, and refused in production', async () => {
  assert.match((await read()).nobodyToPage ?? '', /No one can be paged: PAGERDUTY_ROUTING_KEY is not set/);
  assert.equal((await read({ PAGERDUTY_ROUTING_KEY: 'k', NODE_ENV: 'production' })).nobodyToPage, undefined);
  assert.match((await faults({ NODE_ENV: 'production' }))[0] ?? '', /No one can be paged.*NODE_ENV=production/);
});

test('PAGING says who pages the first rung, or is refused', async () => {
  await read({ PAGING: 'alertmanager' });
  assert.deepEqual(await faults({ PAGING: 'nobody' }), ['PAGING is ours or alertmanager']);
});

const onCall = (people: object) => file('roles.json', JSON.stringify({ people, roles: { primary: Object.keys(people) } }));

test('people who can be reached are somebody to page, in production too', async () => {
  const ann = onCall({ ann: { webhook: 'ANN_WEBHOOK_URL' }, bob: { mail: 'bob@example.com' } });
  const production = { RUNBOOKS_ROLES: ann, NODE_ENV: 'production' };
  const url = 'https://chat.example.com/hush';
  assert.equal((await read({ ...production, ANN_WEBHOOK_URL: url })).nobodyToPage, undefined);
  const mail = { SMTP_URL: 'smtps://smtp.example.com', MAIL_FROM: 'runbooks@example.com' };
  assert.deepEqual((await read({ ...production, ...mail })).connections.mail, { url: mail.SMTP_URL, from: mail.MAIL_FROM });
  assert.deepEqual(await faults(production), [
    'No one can be paged: ANN_WEBHOOK_URL is not set, SMTP_URL is not set, PAGERDUTY_ROUTING_KEY is not set. With NODE_ENV=production that is refused',
  ]);
  assert.match((await faults({ ...production, ANN_WEBHOOK_URL: 'http://chat.example.com/hush' }))[0] ?? '', /no https address/);
});

test('roles.json is looked for beside the platform; a broken one is refused with what to correct', async () => {
  const copy = file('platform.json', readFileSync(platform, 'utf8'));
  file('roles.json', JSON.stringify({ people: { ann: {} }, roles: { primary: ['ann'] } }));
  const { onCall, rolesFile } = await read({ RUNBOOKS_PLATFORM: copy });
  assert.deepEqual([rolesFile, onCall?.roles], [join(folder, 'roles.json'), { primary: ['ann'] }]);
  const [head = '', fault = ''] = await faults({ RUNBOOKS_ROLES: file('wrong.json', '{"roles":{"primary":["ann"]}}') });
  assert.match(
    `${head} ${fault}`,
    /wrong\.json: Who is on call is not described validly.* {3}roles\.primary: ann is not among people/,
  );
  assert.equal((await read({ RUNBOOKS_ROLES: join(folder, 'absent.json') })).onCall, undefined);
});

test('a role of a person that neither we nor the platform know is named: a slip of the pen would page no one', async () => {
  const roles = file('typo.json', JSON.stringify({ people: { ann: {} }, roles: { primry: ['ann'] } }));
  const said = (await faults({ RUNBOOKS_ROLES: roles })).join(' ');
  assert.match(said, /typo\.json names the role primry, which the platform description does not have/);
});

test('a webhook that is added to roles.json, and a secret whose file changes, need no restart', async () => {
  const secret = file('webhook', 'https://chat.example.com/first');
  const { connections } = await read({ ANN_WEBHOOK_URL_FILE: secret, BOB_WEBHOOK_URL: 'https://chat.example.com/bob' });
  file('webhook', 'https://chat.example.com/second\n');
  const urls = ['ANN_WEBHOOK_URL', 'BOB_WEBHOOK_URL'].map(name => connections.webhook?.urls(name));
  assert.deepEqual(urls, ['https://chat.example.com/second', 'https://chat.example.com/bob']);
});

test('a version of the worker is two variables: one alone, and a name that Temporal does not take, is refused', async () => {
  const version = { WORKER_DEPLOYMENT: 'nqba-runbooks', WORKER_BUILD_ID: '0.1.0' };
  assert.deepEqual((await read(version)).version, { deploymentName: 'nqba-runbooks', buildId: '0.1.0' });
  assert.equal('version' in (await read({ WORKER_DEPLOYMENT: '', WORKER_BUILD_ID: '' })), false);
  for (const [name, other] of [
    ['WORKER_DEPLOYMENT', 'WORKER_BUILD_ID'],
    ['WORKER_BUILD_ID', 'WORKER_DEPLOYMENT'],
  ] as const)
    assert.deepEqual(await faults({ [name]: version[name] }), [`${name} is set and ${other} is not: set both, or none`]);
  const [told = ''] = await faults({ ...version, WORKER_DEPLOYMENT: 'nqba.runbooks:1' });
  assert.match(told, /^WORKER_DEPLOYMENT is not letters, digits, - and _/);
});
