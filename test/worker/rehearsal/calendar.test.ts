// When a scenario begins, in the words of a calendar and a clock on the wall.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { momentOf, momentPattern } from '../../../worker/rehearsal/calendar.ts';
import { scenario } from '../../../worker/rehearsal/schema.ts';

const momentIn = (text: string) => {
  const moment = momentOf(text);
  return 'at' in moment ? new Date(moment.at).toISOString() : moment.wrong;
};

describe('a time in a zone is that of its season', () => {
  for (const [text, utc] of [
    ['2026-11-24 03:00 Europe/Berlin', '2026-11-24T02:00:00.000Z'],
    ['2026-07-01 03:00 Europe/Berlin', '2026-07-01T01:00:00.000Z'],
    ['2026-03-29 01:59:59 Europe/Berlin', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29 03:00 Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 03:00 Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-11-24 03:00 Asia/Kolkata', '2026-11-23T21:30:00.000Z'],
    ['2026-04-05 02:15 Australia/Lord_Howe', '2026-04-04T15:45:00.000Z'],
    ['2026-11-24 03:00 UTC', '2026-11-24T03:00:00.000Z'],
    ['2026-11-24T03:00:00+01:00', '2026-11-24T02:00:00.000Z'],
  ] as const)
    test(text, () => {
      assert.equal(momentIn(text), utc);
      assert.match(text, momentPattern);
    });
});

describe('a time that cannot be meant is refused with what to write', () => {
  for (const [text, wrong] of [
    ['2026-03-29 02:30 Europe/Berlin', /02:30 does not exist in Europe\/Berlin: the clocks are put forward over it/],
    [
      '2026-10-25 02:30 Europe/Berlin',
      /comes twice in Europe\/Berlin, .*: write 2026-10-25T00:30:00\.000Z or 2026-10-25T01:30:00/,
    ],
    ['2026-04-05 01:45 Australia/Lord_Howe', /comes twice .*T14:45:00\.000Z or .*T15:15:00\.000Z/],
    ['2026-02-30 03:00 Europe/Berlin', /no date and time of the calendar/],
    ['2026-11-24 25:00 Europe/Berlin', /no date and time of the calendar/],
    ['2026-02-30T03:00:00Z', /no date and time of the calendar/],
    ['2026-11-24 03:00 Europe/Berln', /no time zone Europe\/Berln: name it as IANA does/],
    ['2026-11-24T03:00:00', /write 2026-11-24T03:00:00\+01:00, or 2026-11-24 03:00 Europe\/Berlin/],
    ['2026-11-24 03:00', /write .* or 2026-11-24 03:00 Europe\/Berlin/],
    ['2026-11-24 03:00 +01:00', /write/],
  ] as const)
    test(text, () => {
      assert.match(momentIn(text), wrong);
      assert.match(scenario.safeParse({ title: 'x', at: text }).error?.issues[0]?.message ?? '', wrong);
    });
});
