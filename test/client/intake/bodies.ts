/** Bodies as Alertmanager 0.25 posts them. */

export const dynexDown = {
  status: 'firing',
  labels: {
    alertname: 'DynexHealthCheckFailed',
    cluster: 'nqba-production',
    environment: 'production',
    priority: 'P1',
    runbook: 'dynex-outage',
    service: 'dynex',
    severity: 'critical',
  },
  annotations: {
    description: 'Every blackbox probe of the Dynex endpoint has failed for 5 minutes.',
    runbook_url: '/runbooks/dynex-outage',
    summary: 'No probe reaches Dynex',
    value: '0',
  },
  startsAt: '2026-11-24T02:11:13.482Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus-0:9090/graph?g0.expr=max+by+%28service%29',
  fingerprint: '6d8f4be1cdd7ab93',
};

export const group = (...alerts: unknown[]) => ({
  version: '4',
  groupKey: '{}/{alertname=~".+"}:{alertname="DynexHealthCheckFailed"}',
  truncatedAlerts: 0,
  receiver: 'runbooks',
  status: 'firing',
  alerts,
  groupLabels: { alertname: 'DynexHealthCheckFailed' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'https://alertmanager.nqba.flyfox.ai',
});

/** An alert as Grafana 11 posts it. */
export const ofGrafana = {
  status: 'firing',
  labels: {
    alertname: 'DynexHealthCheckFailed',
    grafana_folder: 'NQBA',
    runbook: 'dynex-outage',
    severity: 'critical',
  },
  annotations: { summary: 'No probe reaches Dynex' },
  startsAt: '2026-11-24T03:11:10+01:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://grafana.nqba.flyfox.ai/alerting/grafana/cdeqmlhvflz4f/view?orgId=1',
  fingerprint: 'c6eadffa33fcdf37',
  silenceURL: 'https://grafana.nqba.flyfox.ai/alerting/silence/new?alertmanager=grafana&orgId=1',
  dashboardURL: '',
  panelURL: '',
  imageURL: '',
  values: { B: 44.2, C: 1 },
  valueString: "[ var='B' labels={service=dynex} value=44.2 ], [ var='C' labels={service=dynex} value=1 ]",
};

export const grafanaGroup = (...alerts: unknown[]) => ({
  receiver: 'nqba-runbooks',
  status: 'firing',
  orgId: 1,
  alerts,
  groupLabels: { alertname: 'DynexHealthCheckFailed', grafana_folder: 'NQBA' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'https://grafana.nqba.flyfox.ai/',
  version: '1',
  groupKey: '{}:{alertname="DynexHealthCheckFailed", grafana_folder="NQBA"}',
  truncatedAlerts: 0,
  title: '[FIRING:1] DynexHealthCheckFailed NQBA',
  state: 'alerting',
  message: '**Firing**\n\nValue: B=44.2, C=1',
});
