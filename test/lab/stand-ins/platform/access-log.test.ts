import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { type TroubleKind, troubles } from '../../../../lab/world/customers.ts';
import { type Asking, asking, during, iso, minutes, noon } from './asking.ts';

const Line = z.strictObject({
  at: z.string(),
  address: z.string(),
  account: z.string().nullable(),
  tier: z.string().nullable(),
  route: z.string(),
  method: z.string(),
  status: z.number(),
  reason: z.string().nullable(),
  user_agent: z.string(),
  refused_by: z.enum(['quota', 'rate']).nullable(),
});
const Page = z.strictObject({ lines: z.array(Line), next: z.string().nullable() });
type Line = z.infer<typeof Line>;

/** All lines of a span, page by page. */
async function lines({ get }: Asking, since: number, until: number, limit = 5_000): Promise<Line[]> {
  const all: Line[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ since: iso(since), until: iso(until), limit: String(limit), ...(cursor && { cursor }) });
    const page = Page.parse((await get(`/v1/access-log?${query.toString()}`)).body);
    all.push(...page.lines);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

const share = (all: Line[], what: (line: Line) => boolean) => all.filter(what).length / all.length;
const lastTen = (asked: Asking) => lines(asked, noon - minutes(5), noon);

test('any day has seven days of calls that nearly all go well, and the same each time and on any page', async t => {
  const asked = await asking(t);
  const hour = await lines(asked, noon - minutes(60), noon);
  assert.ok(hour.length > 1_000 && hour.length < 1_600, `${hour.length} lines`);
  assert.deepEqual(await lines(asked, noon - minutes(60), noon, 97), hour);
  assert.ok(share(hour, ({ status }) => status >= 400) < 0.05);
  assert.equal(
    share(hour, ({ refused_by }) => refused_by !== null),
    0,
  );
  assert.ok((await lines(asked, noon - minutes(7 * 1_440), noon - minutes(7 * 1_440 - 60))).length > 1_000);
});

const shown: Record<TroubleKind, (line: Line) => boolean> = {
  legitimate: ({ refused_by, account }) =>
    refused_by === 'rate' && ['customer-7', 'customer-8', 'customer-9'].includes(account ?? ''),
  abuse: ({ address }) => address === '203.0.113.7',
  bug: ({ user_agent, refused_by }) => user_agent === 'nqba-python/2.4.0' && refused_by === 'rate',
  misconfigured: ({ tier, refused_by }) => tier === 'premium' && refused_by === 'rate',
  spraying: ({ route, status, address }) => route === '/api/v1/auth/login' && status === 500 && address.startsWith('203.0.113.'),
  stuffing: ({ account, reason }) => account?.startsWith('leaked-') === true && reason === 'unknown_user',
  takeover: ({ account, reason }) => account === 'customer-11' && (reason === 'wrong_password' || reason === 'locked'),
  'bad-tokens': ({ reason, status }) => reason === 'bad_token' && status === 401,
  proxied: ({ address }) => address === '10.0.3.4',
};

for (const kind of troubles) {
  const isIt = shown[kind];
  test(`trouble shows in the access log: ${kind}`, async t => {
    const asked = await asking(t, during(kind));
    const found = share(await lastTen(asked), isIt);
    assert.ok(found > 0.1, `${found}`);
    assert.equal(share(await lines(asked, noon - minutes(30), noon - minutes(10)), isIt), 0);
  });
}

test('a call that a limit refuses counts against its caller all the same: no call passes because a limit was set', async t => {
  const limit = { per_minute: 5, burst: 1, until: null, reason: 'as reviewed' };
  const limits = [{ at: noon - minutes(15), scope: 'route:job-submit', limit }];
  const without = await lastTen(await asking(t, during('legitimate')));
  const limited = await lastTen(await asking(t, { ...during('legitimate'), limits }));
  const calls = (all: Line[]) => all.map(({ at, account, route }) => ({ at, account, route }));
  assert.deepEqual(calls(limited), calls(without));
  const passes = without.filter(({ refused_by }, place) => refused_by === 'rate' && limited[place]?.refused_by !== 'rate');
  assert.deepEqual(passes, []);
});
