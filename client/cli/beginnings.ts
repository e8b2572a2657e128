/** The first files of a runbook of one's own: small, whole, and rehearsed as it is. */

interface Named {
  title: string;
  slug: string;
  /** Of the Temporal workflow, and of the exported constant. */
  workflow: string;
  /** One that the platform has. */
  workload: string;
}

/** Content by file name. */
export const beginnings = (named: Named): Record<string, string> => ({
  [`${named.slug}.ts`]: body(named),
  [`${named.slug}.catalog.json`]: json(entry(named)),
  [`${named.slug}.rules.yaml`]: rules(named),
  [`${named.slug}.scenario.json`]: json(scenario(named)),
});

const json = (data: object) => `${JSON.stringify(data, undefined, 2)}\n`;
const alertName = (title: string) => title.replace(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase());

const body = ({ title, workflow, workload }: Named) => `import { runbook } from 'nqba-runbooks/kit';

/** The symptom that opens it, in one line. A P2 wakes no one: by night its page becomes one summary at 08:00. For more, say P1 in the catalog entry. */
export const ${workflow} = runbook('${title}', async ({ phase, step, check, watch, task }, alert) => {
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: '${title}' }),
      step('Notify Team').oncall.page({ roles: ['primary'] }),
    ]),
  );

  const changes = await phase('Investigation', async () => {
    const [changes] = await Promise.all([
      check('Review Recent Changes').kubernetes.rollouts({ workloads: ['${workload}'], before: alert.startsAt }),
      check('Probe the API').observe.probe({ url: 'api' }),
    ]);
    return changes;
  });

  await phase('Resolution Steps', async () => {
    if (changes.facts?.change) await task('Take the change back', { owner: 'platform', confirm: 'The change is taken back' });
    else await task('Fix it by hand', { owner: 'platform', confirm: 'What was done is written down' });
  });

  await phase('Recovery', () =>
    watch('Verify the API', { every: '1 minute', for: '5 minutes', atLeast: 5 }).observe.probe({ url: 'api' }),
  );
});
`;

/** It closes on `recovery`: one of the checks that are shipped, and what it is called with. */
const entry = ({ title }: Named) => ({
  title,
  severity: 'P2',
  owner: 'platform',
  alerts: [alertName(title)],
  breaks: 'something does not work as usual',
  recovery: { check: 'probe', input: { url: 'api' } },
});

const rules = ({
  title,
  slug,
}: Named) => `# For Prometheus. The label runbook opens ${title}; the expression below never fires: replace it.
groups:
  - name: ${slug}
    rules:
      - alert: ${alertName(title)}
        expr: vector(0) > 1
        for: 5m
        labels:
          severity: warning
          runbook: ${slug}
        annotations:
          summary: What is wrong, in one sentence
`;

const scenario = ({ title }: Named) => ({
  title: `${title}: a person fixes it`,
  at: '2026-11-24T03:00:00Z',
  world: {
    'Probe the API': { verdict: 'faulty', evidence: 'The API answers 503.' },
    'Verify the API': { verdict: 'healthy', evidence: 'The API has answered for 5 minutes.' },
  },
  people: [
    { does: 'acknowledge', at: '2 minutes', who: 'ann' },
    { question: 'Fix it by hand', choice: 'done', who: 'ann', after: '10 minutes' },
  ],
  expects: { outcome: 'recovered' },
});
