/** Which outside systems are connected follows from the configuration, and from nothing else. */

import { type Artifacts, connectArtifacts } from './artifacts.ts';
import { connectApi, type NqbaApi } from './api.ts';
import { connectDynex, type Dynex, type DynexConfig } from './dynex.ts';
import type { Clock, Fetch } from './http.ts';
import { connectKubernetes, type Kubernetes, type KubernetesConfig } from './kubernetes.ts';
import { connectPagerDuty, type PagerDuty, type PagerDutyConfig } from './pagerduty.ts';
import { connectPrometheus, type Prometheus } from './prometheus.ts';
import { connectSlack, type Slack, type SlackConfig } from './slack.ts';
import { connectStatuspage, type Statuspage, type StatuspageConfig } from './statuspage.ts';

/** A system that is absent is not connected. */
export interface Systems {
  artifacts: Artifacts;
  kubernetes?: Kubernetes;
  prometheus?: Prometheus;
  dynex?: Dynex;
  api?: NqbaApi;
  slack?: Slack;
  pagerduty?: PagerDuty;
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
  statuspage?: WithFetch<StatuspageConfig>;
}
type WithFetch<C> = C & { fetch?: Fetch };

export function connectAll(connections: Connections, clock: Clock): Systems {
  const { artifacts, kubernetes, prometheus, dynex, api, slack, pagerduty, statuspage } = connections;
  const wire = ({ fetch = globalThis.fetch }: { fetch?: Fetch }) => ({ ...clock, fetch });
  return {
    artifacts: connectArtifacts(artifacts),
    ...(kubernetes && { kubernetes: connectKubernetes(kubernetes, clock) }),
    ...(prometheus && { prometheus: connectPrometheus(prometheus, wire(prometheus)) }),
    ...(dynex && { dynex: connectDynex(dynex, wire(dynex)) }),
    ...(api && { api: connectApi(api, wire(api)) }),
    ...(slack && { slack: connectSlack(slack, wire(slack)) }),
    ...(pagerduty && { pagerduty: connectPagerDuty(pagerduty, wire(pagerduty)) }),
    ...(statuspage && { statuspage: connectStatuspage(statuspage, wire(statuspage)) }),
  };
}
