/** Texts about an incident for responders, in Slack and on their pager. */

import type { About, Role } from '../../workflows/contract/index.ts';
import type { Page } from '../connectors/pager.ts';
import { fittingSlack, forSlack, plain } from './plain.ts';

export interface Link {
  href: string;
  text: string;
}

/** Without an incident's facts a message says at least whose it is. */
export const aboutOf = (about: About | undefined, incident: string): About =>
  about ?? { incident, runbook: 'Incident', severity: 'P1', summary: '', fired: '', workflowId: '' };

/** @param channel id of the incident's own channel */
export function declared(title: string, about: About, link?: Link, channel?: string): string {
  const { severity, incident, summary, fired, state } = about;
  return [
    `${forSlack(severity)} ${forSlack(title, 150)}: ${forSlack(incident)}`,
    forSlack(summary),
    fired && `Fired ${forSlack(fired)}`,
    state && `State: ${forSlack(state)}`,
    channel && `Channel: <#${forSlack(channel)}>`,
    `Details: runbooks show ${forSlack(incident)}`,
    !state && `Acknowledge: runbooks ack ${forSlack(incident)}`,
    link && `<${link.href}|${forSlack(link.text)}>`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** The same by mail: plain lines. */
export function mailedDeclaration(title: string, { severity, incident, summary, fired }: About): Omit<Paged, 'text'> {
  return {
    summary: plain(`${severity} ${title}: ${incident}`, 300),
    severity: severities[severity] ?? 'error',
    details: {
      alert: plain(summary, 1000),
      fired: plain(fired),
      ...detailsOf(incident),
      acknowledge: plain(`runbooks ack ${incident}`),
    },
  };
}

/** As Slack allows it: small letters, digits, hyphens, at most 80 characters. The same for the same incident. */
export function channelName({ incident, fired }: About): string {
  const day = fired.slice(0, 10).replaceAll('-', '');
  const short = incident.split('-').at(-1) ?? incident;
  const name = ['inc', day, short].filter(Boolean).join('-').toLowerCase();
  return name.replace(/[^a-z0-9-]+/g, '-').slice(0, 80);
}

/** Slack takes 250 characters of topic, and makes no link of mrkdwn there. The way to the incident is not cut. */
export function topicOf(title: string, { severity, incident }: About, link?: Link): string {
  const href = link && forSlack(link.href, 200);
  const way = href && href.length < 200 ? href : `runbooks show ${fittingSlack(incident, 80)}`;
  const head = `${fittingSlack(severity, 10)} `;
  return `${head}${fittingSlack(title, 250 - head.length - way.length - 2)}: ${way}`;
}

export interface Ending {
  summary: string;
  /** True (the default) if its recovery was measured. */
  resolved?: boolean;
}

/** PagerDuty has one word for every end, so the page's note says which it was. */
export function ended({ summary, resolved = true }: Ending, { severity, runbook, incident }: About) {
  const how = resolved ? 'Resolved' : 'Closed, not resolved';
  return {
    slack: [`${how}: ${forSlack(severity)} ${forSlack(runbook, 150)}: ${forSlack(incident)}`, forSlack(summary, 1000)].join('\n'),
    page: { ...told(`${how}: ${summary}`), details: detailsOf(incident) },
  };
}

type Paged = Pick<Page, 'summary' | 'text' | 'severity' | 'details'>;

const severities: Record<string, Paged['severity']> = { P0: 'critical', P1: 'error', P2: 'warning', P3: 'info' };

/** PagerDuty takes 1024 characters of summary; chats take what Slack takes. */
const told = (line: string) => ({ summary: plain(line, 1024), text: forSlack(line, 1024) });

const detailsOf = (incident: string) => ({ incident: plain(incident), see: plain(`runbooks show ${incident}`) });

export function paged(roles: Role[], about: About, because?: string): Paged {
  const { severity, runbook, summary, incident, fired, isNotice } = about;
  const why = because ? `, ${because}` : '';
  return {
    ...told(`${severity} ${runbook}${why}: ${summary}${isNotice ? '' : ` (${incident})`}`),
    severity: severities[severity] ?? 'error',
    details: {
      ...(isNotice ? {} : { ...detailsOf(incident), take: plain(`runbooks ack ${incident}`) }),
      roles: roles.join(', '),
      fired: plain(fired),
    },
  };
}

/** The same for people who page by hand. */
export const pagedByHand = (roles: Role[], about: About, because?: string): string => {
  const { summary } = paged(roles, about, because);
  return `Page ${roles.join(', ')}: ${summary}`;
};
