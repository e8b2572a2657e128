/** The systems that measure and tell: does each answer a cheap read? Nothing is sent to anyone. */

import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { base, sender } from '../../activities/connectors/http.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { recipientsOf, working } from '../../activities/reaching.ts';
import { jobsInFlight } from '../../activities/queries.ts';
import { roles } from '../../workflows/contract/vocabulary.ts';
import { counters, scrapeInterval } from '../../activities/scraping.ts';
import { fault, fine, type Line, looked } from './line.ts';
import type { Sight } from './sight.ts';

export async function systemLines(sight: Sight): Promise<Line[]> {
  const lines = [
    looked('Prometheus', () => prometheusLine(sight)),
    looked('Slack', () => slackLine(sight)),
    looked('PagerDuty', () => pagerdutyLine(sight)),
    looked('The mail server', () => mailLine(sight)),
    looked('The status page', () => statuspageLine(sight)),
    looked('The artifact store', () => artifactsLine(sight)),
  ];
  return (await Promise.all(lines)).flat();
}

const byHand = (check: string, variable: string) =>
  fine(check, `is not connected: its steps become text to paste. To connect it, set ${variable}.`);

/** Scraped more seldom, the effect of a change cannot be seen within the time that its measurement has. */
const longestInterval = 60_000;

export async function prometheusLine({ systems }: Pick<Sight, 'systems'>): Promise<Line> {
  const { prometheus } = systems;
  if (!prometheus) return fault('Prometheus', 'is not connected.', 'Set PROMETHEUS_URL.');
  const pods = await prometheus.query(jobsInFlight);
  const interval = Math.round((await scrapeInterval({ systems }, counters.jobs)) / 1000);
  const scraped = interval > 0 ? `, scraped about every ${interval} s` : '';
  if (pods.length > 0 && interval * 1000 > longestInterval)
    return fault(
      'Prometheus',
      `answers, but the jobs are${scraped.slice(1)}: whether a change moved them is not seen in time.`,
      `Set scrape_interval of the workers to 15 s, at most ${longestInterval / 1000} s.`,
    );
  if (pods.length > 0) return fine('Prometheus', `answers, and knows the jobs of ${pods.length} pods${scraped}.`);
  return fault(
    'Prometheus',
    `answers, but has nothing for ${jobsInFlight}.`,
    'Let it scrape the workers, or correct PROMETHEUS_URL.',
  );
}

/** Reads the channel that incidents are told in. */
async function slackLine({ systems: { slack }, platform, clock }: Sight): Promise<Line> {
  if (!slack) return byHand('Slack', 'SLACK_BOT_TOKEN');
  await slack.find(platform.channels.incidents, 'doctor', clock.now());
  const id = await slack.idOf(platform.channels.incidents);
  return fine('Slack', `answers, and ${platform.channels.incidents} (${id}) may be read.`);
}

/** Its Events API has nothing that can be read: that it answers at all is what can be known without a page. */
async function pagerdutyLine({ platform, onCall, systems, connections, clock }: Sight): Promise<Line> {
  const { url = '', fetch = globalThis.fetch } = connections.pagerduty ?? {};
  const recipients = roles.flatMap(role => working(systems, recipientsOf(platform, onCall, role)));
  const isUsed = recipients.some(({ ways }) => ways.some(({ by }) => by === 'pagerduty'));
  if (!isUsed) return byHand('PagerDuty', 'a routing key (see Paging)');
  const { status } = await sender('PagerDuty', { ...clock, fetch })(base(url));
  if (status >= 500) throw new SystemError({ system: 'PagerDuty', fault: 'answered', status, text: `answered ${status}` });
  return fine('PagerDuty', `answers at ${base(url)}. Whether it takes the routing key, only a page shows.`);
}

/** Nothing where no one is paged by mail. */
async function mailLine({ systems: { mail }, connections }: Sight): Promise<Line[]> {
  if (!mail) return [];
  await mail.greet();
  const from = connections.mail?.from;
  return [fine('The mail server', `lets us in, and we write as ${from}. Whether it delivers, only a mail shows.`)];
}

async function statuspageLine({ systems: { statuspage }, platform }: Sight): Promise<Line> {
  const check = 'The status page';
  if (!statuspage) return byHand(check, 'STATUSPAGE_API_KEY and STATUSPAGE_PAGE_ID');
  const there = await statuspage.components();
  const wanted = Object.values(platform.statusPage.components).filter(component => component !== undefined);
  const missing = wanted.filter(({ name, id }) => !there.some(one => (id ? one.id === id : one.name === name)));
  if (missing.length === 0) return fine(check, `answers, and has ${wanted.map(({ name }) => name).join(', ')}.`);
  return fault(
    check,
    `has no component ${missing.map(({ id, name }) => id ?? name).join(', ')}.`,
    `Correct statusPage.components in the platform description; it has: ${there.map(({ name }) => name).join(', ')}.`,
  );
}

/** Made at the first write: until then, where it would be made counts. */
async function artifactsLine({ connections: { artifacts } }: Sight): Promise<Line> {
  const folder = resolve(artifacts.folder);
  for (let place = folder; ; place = dirname(place)) {
    const refusal = await access(place, constants.R_OK | constants.W_OK).then(
      () => '',
      error => String(error),
    );
    if (refusal === '') return fine('The artifact store', `may be written: ${folder}.`);
    if (!refusal.includes('ENOENT') || place === dirname(place))
      return fault(
        'The artifact store',
        `${folder} may not be written.`,
        'Set ARTIFACTS to a folder that worker and intake may write.',
      );
  }
}
