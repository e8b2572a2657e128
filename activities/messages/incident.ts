/** What responders read about an incident, in Slack and on their pager. */

import type { About, Role } from '../../workflows/contract/index.ts';
import { forSlack, plain } from './plain.ts';

export interface Link {
  href: string;
  text: string;
}

/** Without an incident's facts a message says at least whose it is. */
export const aboutOf = (about: About | undefined, incident: string): About =>
  about ?? { incident, runbook: 'Incident', severity: 'P1', summary: '', fired: '', workflowId: '' };

export function declared(title: string, about: About, link?: Link): string {
  const { severity, incident, summary, fired } = about;
  return [
    `${forSlack(severity)} ${forSlack(title, 150)}: ${forSlack(incident)}`,
    forSlack(summary),
    fired && `Fired ${forSlack(fired)}`,
    `See it: runbooks show ${forSlack(incident)}`,
    `Take it: runbooks ack ${forSlack(incident)}`,
    link && `<${link.href}|${forSlack(link.text)}>`,
  ]
    .filter(Boolean)
    .join('\n');
}

export interface Ending {
  summary: string;
  /** Whether its recovery was measured; true unless said otherwise. */
  resolved?: boolean;
}

/** PagerDuty has one word for every end, so the page's note says which it was. */
export function ended({ summary, resolved = true }: Ending, { severity, runbook, incident }: About) {
  const how = resolved ? 'Resolved' : 'Closed, not resolved';
  return {
    slack: [`${how}: ${forSlack(severity)} ${forSlack(runbook, 150)}: ${forSlack(incident)}`, forSlack(summary, 1000)].join('\n'),
    page: plain(`${how}: ${summary}`, 1024),
  };
}

export interface Paged {
  summary: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  details: Record<string, string>;
}

const severities: Record<string, Paged['severity']> = { P0: 'critical', P1: 'error', P2: 'warning', P3: 'info' };

/** PagerDuty takes 1024 characters of summary. */
export function paged(roles: Role[], { severity, runbook, summary, incident, fired }: About, because?: string): Paged {
  const why = because ? `, ${because}` : '';
  return {
    summary: plain(`${severity} ${runbook}${why}: ${summary} (${incident})`, 1024),
    severity: severities[severity] ?? 'error',
    details: {
      incident: plain(incident),
      roles: roles.join(', '),
      fired: plain(fired),
      see: plain(`runbooks show ${incident}`),
      take: plain(`runbooks ack ${incident}`),
    },
  };
}

/** The same for people who page by hand. */
export const pagedByHand = (roles: Role[], about: About, because?: string): string => {
  const { summary } = paged(roles, about, because);
  return `Page ${roles.join(', ')}: ${summary}`;
};
