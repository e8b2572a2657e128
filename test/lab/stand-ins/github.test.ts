import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { github } from '../../../lab/stand-ins/github.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { json, type Row, serving } from './serving.ts';

const auth = { Authorization: 'Bearer practice' };
const base = '/repos/nqba/operations';
const issues = `${base}/issues`;
const create = (issue: object, headers: Record<string, string> = auth) => json(issue, headers);
const patch = (body: object, headers: Record<string, string> = auth): RequestInit => ({
  ...json(body, headers),
  method: 'PATCH',
});
const documented = { documentation_url: 'https://docs.github.com/rest' };
const missing = (resource: string, field: string) => ({
  message: 'Validation Failed',
  errors: [{ resource, field, code: 'missing_field' }],
  ...documented,
  status: '422',
});
const says = (status: number, message: string) => ({ message, ...documented, status: String(status) });

const refusals: Record<string, Row> = {
  'a revoked token': {
    path: issues,
    init: { headers: { Authorization: 'Bearer revoked-1' } },
    status: 401,
    body: says(401, 'Bad credentials'),
  },
  'a call without a token, as if the repository did not exist': { path: issues, status: 404, body: says(404, 'Not Found') },
  'a token without access, as if the repository did not exist': {
    path: base,
    init: { headers: { Authorization: 'token outsider' } },
    status: 404,
    body: says(404, 'Not Found'),
  },
  'a repository that does not exist': {
    path: '/repos/nqba/other/issues',
    init: { headers: auth },
    status: 404,
    body: says(404, 'Not Found'),
  },
  'a token that may only read': {
    path: issues,
    init: create({ title: 'Nodes are not ready' }, { Authorization: 'Bearer readonly' }),
    status: 403,
    body: says(403, 'Resource not accessible by personal access token'),
  },
  'to write where the repository is archived': {
    path: '/repos/nqba/archived/issues',
    init: create({ title: 'Nodes are not ready' }),
    status: 403,
    body: says(403, 'Repository was archived so is read-only.'),
  },
  'issues where they are disabled': {
    path: '/repos/nqba/no-issues/issues',
    init: { headers: auth },
    status: 410,
    body: says(410, 'Issues are disabled for this repo'),
  },
  'an issue that does not exist': {
    path: `${issues}/7`,
    init: patch({ state: 'closed' }),
    status: 404,
    body: says(404, 'Not Found'),
  },
  'an issue without a title': { path: issues, init: create({ body: 'text' }), status: 422, body: missing('Issue', 'title') },
  'a title that is no text': { path: issues, init: create({ title: 7 }), status: 422, body: says(422, 'Invalid request.') },
  'a body that is too long': {
    path: issues,
    init: create({ title: 'Long', body: 'x'.repeat(65_537) }),
    status: 422,
    body: {
      ...says(422, 'Validation Failed'),
      errors: [{ resource: 'Issue', field: 'body', code: 'custom', message: 'body is too long (maximum is 65536 characters)' }],
    },
  },
  'what is no JSON': {
    path: issues,
    init: { ...create({}), body: '{' },
    status: 400,
    body: says(400, 'Problems parsing JSON'),
  },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`GitHub refuses ${what}`, async t => {
    const { ask, messages } = await serve(t);
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body, messages], [status, body, []]);
  });
}

test('GitHub refuses the 81st write of a minute, says how long to wait, and goes on answering reads', async t => {
  const { ask } = await serve(t);
  for (let write = 0; write < 80; write += 1) await ask(issues, create({ title: `Issue ${write}` }));
  const refused = await ask(issues, create({ title: 'One too many' }));
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [403, '60']);
  assert.match(JSON.stringify(refused.body), /secondary rate limit/);
  assert.equal((await ask(issues, { headers: auth })).status, 200);
});

test('GitHub says what is left of 5,000 calls an hour, and when they begin again once they are used up', async () => {
  const app = github(surroundings({ now: () => 5_000 }));
  const call = async () => app.request(base, { headers: { ...auth, 'User-Agent': 'test' } });
  const first = await call();
  assert.equal(first.headers.get('x-ratelimit-remaining'), '4999');
  for (let calls = 1; calls < 5_000; calls += 1) await call();
  const late = await call();
  const { status, headers } = late;
  assert.deepEqual(
    [status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset'), headers.get('retry-after')],
    [403, '0', '3605', null],
  );
});

test('an issue is opened, found by its label, edited, closed and reopened, and each is told once', async t => {
  const { ask, messages } = await serve(t);
  const body = '<!-- key 1 -->\nTwo nodes.';
  const opened = await ask(issues, create({ title: 'Nodes are not ready', body, labels: ['runbooks'] }));
  assert.deepEqual([opened.status, opened.body], [201, (await ask(`${issues}/1`, { headers: auth })).body]);
  await ask(issues, create({ title: 'Another' }));
  const found = await ask(`${issues}?labels=runbooks&state=all`, { headers: auth });
  assert.partialDeepStrictEqual(found.body, [{ number: 1, state: 'open', user: { login: 'nqba-runbooks' } }]);
  await ask(`${issues}/1`, patch({ body: '<!-- key 1 -->\nThree nodes.' }));
  const closed = await ask(`${issues}/1`, patch({ state: 'closed' }, { Authorization: 'Bearer as-ann' }));
  assert.partialDeepStrictEqual(closed.body, { state: 'closed', closed_by: { login: 'ann' } });
  assert.deepEqual((await ask(`${issues}?labels=runbooks`, { headers: auth })).body, []);
  const reopened = await ask(`${issues}/1`, patch({ state: 'open' }));
  assert.partialDeepStrictEqual(reopened.body, { state: 'open', closed_by: null, closed_at: null });
  assert.deepEqual(
    messages.filter(({ key }) => key === 'key 1').map(({ text }) => text),
    [
      '#1 opened by nqba-runbooks: Nodes are not ready',
      '#1 edited by nqba-runbooks: Nodes are not ready',
      '#1 closed by ann: Nodes are not ready',
      '#1 reopened by nqba-runbooks: Nodes are not ready',
    ],
  );
});

test('a list has pages, and names the next one; a token without push access sets no labels', async t => {
  const { ask } = await serve(t);
  for (const title of ['One', 'Two', 'Three'])
    await ask(issues, create({ title, labels: ['runbooks'] }, { Authorization: 'Bearer nopush' }));
  const first = await ask(`${issues}?per_page=2&direction=asc`, { headers: auth });
  assert.partialDeepStrictEqual(first.body, [
    { title: 'One', labels: [] },
    { title: 'Two', labels: [] },
  ]);
  const next = /<(.*?)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await ask(next.slice(next.indexOf('/repos')), { headers: auth });
  assert.partialDeepStrictEqual(second.body, [{ title: 'Three' }]);
  assert.equal(second.headers.get('link'), null);
});

async function serve(t: TestContext) {
  const messages: Message[] = [];
  const ask = await serving(t, github(surroundings({ now: () => 5_000, record: message => messages.push(message) })));
  return { ask, messages };
}
