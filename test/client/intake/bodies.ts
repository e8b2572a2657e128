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
