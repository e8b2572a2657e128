// How logins are counted where Prometheus scrapes more seldom than the platform's pace looks back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRatio } from '../../../activities/access/recovered.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';

/** A window of ten seconds at first, and a scrape each half minute: an increase needs two samples. */
const pace = 1 / 60;
const scrape = 30;

/** Logins by the second, of which none fails. Nothing of them in a window without two samples. */
function counts(perSecond: number, isEmitted = true) {
  const clock = virtualClock();
  const asked: number[] = [];
  const fetch = async (request: Request) => {
    const query = new URLSearchParams(await request.text()).get('query') ?? '';
    const [, seconds = '0'] = /\[(\d+)s\]/.exec(query) ?? [];
    const window = Number(seconds);
    asked.push(window);
    const isKnown = isEmitted && window >= 2 * scrape;
    const value = query.includes('failed') ? 0 : window * perSecond;
    const result = isKnown ? [{ metric: {}, value: [0, String(value)] }] : [];
    return Response.json({ status: 'success', data: { resultType: 'vector', result } });
  };
  const deps = {
    platform: { ...aPlatform, times: { ...aPlatform.times, pace } },
    systems: connected({ prometheus: { url: 'http://prometheus', fetch } }, clock),
    ...clock,
    running,
  };
  return { asked, found: () => checkRatio(deps) };
}

test('a window without two samples becomes longer, and the access log is not asked', async () => {
  const { asked, found } = counts(10);
  const { verdict, evidence } = await found();
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /^0 of 800 logins failed in 80 s/);
  assert.deepEqual(asked.slice(0, 4), [10, 20, 40, 80]);
});

test('the access log counts where Prometheus has no sample of ten minutes either', async () => {
  await assert.rejects(counts(10, false).found(), /not connected/);
});
