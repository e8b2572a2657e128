import { condition } from '@temporalio/workflow';
import { urgencies } from '../catalog/index.ts';
import type { Role } from '../contract/index.ts';
import type { Incident } from './incident.ts';
import type { Outbox } from './messages.ts';
import type { Acting } from './step.ts';

/** Sends what the ladder wants, each page once: the n-th has the same key in every run. */
export async function keepPaging(incident: Incident, outbox: Outbox): Promise<never> {
  for (let again = 1; ; again += 1) {
    await condition(() => incident.state.paging.pages.length >= again);
    send(incident, outbox, again);
  }
}

function send(incident: Incident, outbox: Outbox, again: number) {
  const { roles = [], because = '' } = incident.state.paging.pages[again - 1] ?? {};
  const title = `Page ${roles.join(', ')}: ${because}`;
  const key = `${incident.id}/Paging/${again}`;
  const input = { roles, because, again };
  const acting = { title, key, type: 'page', input, approver: 'commander', blocking: false } as const;
  const recorded = incident.step(key);
  if (recorded?.ended && !outbox.owes(acting, recorded)) return;
  if (!recorded) incident.record({ kind: 'step began', key, title, phase: 'Paging', action: { type: 'page', input } });
  outbox.send(acting);
}

/** Sends a runbook's own message. Where Alertmanager has paged the first rung for its alert, a page is for the other roles. */
export function sendMessage(incident: Incident, outbox: Outbox, acting: Acting) {
  const { platform, alert } = incident.start;
  const theyPaged = platform.ladderBegins === 1 && alert.source === 'alertmanager';
  if (acting.type !== 'page' || !theyPaged) return outbox.send(acting);
  const { roles } = acting.input as { roles: Role[] };
  const theirs = urgencies[incident.state.severity].ladder[0]?.roles ?? [];
  const ours = roles.filter(role => !theirs.includes(role));
  if (ours.length > 0) return outbox.send({ ...acting, input: { roles: ours } });
  incident.record({ kind: 'delivered', system: 'pager', page: true });
  incident.record({ kind: 'step settled', key: acting.key, state: 'done', because: `Alertmanager pages ${roles.join(', ')}` });
}
