/** Which outside systems are connected follows from the configuration, and from nothing else. */

import { type Artifacts, connectArtifacts } from './artifacts.ts';
import { connectApi, type NqbaApi } from './api.ts';
import { connectDynex, type Dynex, type DynexConfig } from './dynex.ts';
import type { Clock, Fetch, Wire } from './http.ts';
import { connectKubernetes, type Kubernetes, type KubernetesConfig } from './kubernetes.ts';
import { connectMail, type Mail, type MailConfig } from './mail.ts';
import type { Pager } from './pager.ts';
import { connectPagerDuty, type PagerDutyConfig } from './pagerduty.ts';
import { connectPrometheus, type Prometheus } from './prometheus.ts';
import { connectSlack, type Slack, type SlackConfig } from './slack.ts';
import { connectStatuspage, type Statuspage, type StatuspageConfig } from './statuspage.ts';
import { connectWebhook, type WebhookConfig } from './webhook.ts';

/** The ways to wake someone; one that is absent is not connected. */
export interface Pagers {
  pagerduty?: Pager;
  webhook?: Pager;
  mail?: Mail;
}

/** A system that is absent is not connected. */
export interface Systems extends Pagers {
  artifacts: Artifacts;
  kubernetes?: Kubernetes;
  prometheus?: Prometheus;
  dynex?: Dynex;
  api?: NqbaApi;
  slack?: Slack;
  statuspage?: Statuspage;
}

/** A system that is absent is not connected; `fetch` replaces the network of one system. */
export interface Connections {
  artifacts: { folder: string };
  kubernetes?: KubernetesConfig;
  prometheus?: WithFetch<{ url: string }>;
  dynex?: WithFetch<DynexConfig>;
  api?: WithFetch<{ url: string }>;
  slack?: WithFetch<SlackConfig>;
  pagerduty?: WithFetch<PagerDutyConfig>;
  webhook?: WithFetch<WebhookConfig>;
  mail?: MailConfig;
  statuspage?: WithFetch<StatuspageConfig>;
}
type WithFetch<C> = C & { fetch?: Fetch };

const wireOf =
  (clock: Clock) =>
  ({ fetch = globalThis.fetch }: { fetch?: Fetch }): Wire => ({ ...clock, fetch });

export function connectPagers({ pagerduty, webhook, mail }: Connections, clock: Clock): Pagers {
  const wire = wireOf(clock);
  return {
    ...(pagerduty && { pagerduty: connectPagerDuty(pagerduty, wire(pagerduty)) }),
    ...(webhook && { webhook: connectWebhook(webhook, wire(webhook)) }),
    ...(mail && { mail: connectMail(mail, clock) }),
  };
}

export function connectAll(connections: Connections, clock: Clock): Systems {
  const { artifacts, kubernetes, prometheus, dynex, api, slack, statuspage } = connections;
  const wire = wireOf(clock);
  return {
    ...connectPagers(connections, clock),
    artifacts: connectArtifacts(artifacts),
    ...(kubernetes && { kubernetes: connectKubernetes(kubernetes, clock) }),
    ...(prometheus && { prometheus: connectPrometheus(prometheus, wire(prometheus)) }),
    ...(dynex && { dynex: connectDynex(dynex, wire(dynex)) }),
    ...(api && { api: connectApi(api, wire(api)) }),
    ...(slack && { slack: connectSlack(slack, wire(slack)) }),
    ...(statuspage && { statuspage: connectStatuspage(statuspage, wire(statuspage)) }),
  };
}
