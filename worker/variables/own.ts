/** The variables that belong to no outside system; those of the systems stand with their connectors. */

import type { Group } from '../variables.ts';

export const around: Group[] = [
  {
    title: 'Temporal (worker, intake, runbooks)',
    about: [
      "These are Temporal's own variables; profiles and the rest of them work too:",
      'https://docs.temporal.io/develop/environment-configuration',
    ],
    variables: [
      {
        name: 'TEMPORAL_ADDRESS',
        byDefault: 'localhost:7233',
        means: 'where the server listens; runbooks falls back to a running practice platform',
      },
      { name: 'TEMPORAL_NAMESPACE', byDefault: 'default', means: 'where incidents run' },
      { name: 'TEMPORAL_API_KEY', byDefault: '', means: 'for Temporal Cloud; turns TLS on' },
      { name: 'TEMPORAL_PROFILE', byDefault: 'default', means: 'of TEMPORAL_CONFIG_FILE' },
      { name: 'TEMPORAL_CONFIG_FILE', byDefault: '', means: "Temporal's own default place" },
      { name: 'RUNBOOKS_TASK_QUEUE', byDefault: 'nqba-runbooks', means: 'one a cluster; worker and intake must agree' },
    ],
  },
  {
    title: 'The platform (worker, intake, runbooks)',
    variables: [
      { name: 'RUNBOOKS_PLATFORM', byDefault: 'platform.json', means: 'its description; --platform wins' },
      {
        name: 'RUNBOOKS_ROLES',
        byDefault: 'roles.json',
        means: 'who is on call; beside the description unless named. It names variables of its own',
      },
      {
        name: 'RUNBOOKS_FOLDER',
        byDefault: '',
        means: 'runbooks of your own, beside those that are shipped; --runbooks wins',
      },
      {
        name: 'RUNBOOKS_LOG',
        byDefault: 'text',
        means: 'text, or json: each line of worker and intake with time, level, incident and step',
      },
      { name: 'ARTIFACTS', byDefault: 'artifacts', means: 'folder of bodies, lists and reports; worker and intake share it' },
    ],
  },
];

export const servers: Group[] = [
  {
    title: 'Intake',
    variables: [
      {
        name: 'INTAKE_TOKEN',
        byDefault: '',
        example: 'change-me',
        needed: true,
        secret: true,
        means:
          'what senders put behind "Authorization: Bearer"; two with a comma between them while one replaces the other; needed, unless each path has its own',
        without: 'the intake refuses to start',
      },
      {
        name: 'INTAKE_TOKEN_ALERTMANAGER',
        byDefault: '',
        secret: true,
        means: 'the one of /alertmanager',
        without: 'it takes INTAKE_TOKEN',
      },
      {
        name: 'INTAKE_TOKEN_GRAFANA',
        byDefault: '',
        secret: true,
        means: 'the one of /grafana',
        without: 'it takes INTAKE_TOKEN',
      },
      { name: 'INTAKE_TOKEN_ALERTS', byDefault: '', secret: true, means: 'the one of /alerts', without: 'it takes INTAKE_TOKEN' },
      {
        name: 'PAGERDUTY_WEBHOOK_SECRET',
        byDefault: '',
        secret: true,
        means:
          "the secret of PagerDuty's webhook subscription to /pagerduty; two with a comma between them while one replaces the other",
        without: 'an acknowledgement in PagerDuty stops no escalation of ours',
      },
      { name: 'INTAKE_HOST', byDefault: '127.0.0.1', means: '0.0.0.0 in a container' },
      { name: 'INTAKE_PORT', byDefault: '8080', means: 'where monitors post' },
      { name: 'INTAKE_METRICS_PORT', byDefault: '0', means: 'port of /metrics, on INTAKE_HOST; 0 serves none' },
    ],
  },
  {
    title: 'Worker',
    variables: [
      {
        name: 'NODE_ENV',
        byDefault: '',
        example: 'production',
        means: 'the worker then refuses to start while no one can be paged',
      },
      {
        name: 'PAGING',
        byDefault: 'ours',
        means:
          'ours: we page every level; alertmanager: it pages the first level itself, and we begin at the second (worker, intake)',
      },
      {
        name: 'WORKER_DEPLOYMENT',
        byDefault: '',
        example: 'nqba-runbooks',
        means: 'its Worker Deployment in Temporal, one a task queue; with WORKER_BUILD_ID (see docs/worker-versions.md)',
        without: 'open incidents go on in whatever code runs now',
      },
      {
        name: 'WORKER_BUILD_ID',
        byDefault: '',
        example: '0.1.0',
        means: 'its version there, such as the tag of the image: an incident stays on the version that opened it',
      },
      { name: 'WORKER_PORT', byDefault: '0', means: 'port of /healthz and /metrics; 0 serves none' },
      { name: 'WORKER_HOST', byDefault: '127.0.0.1', means: 'where these are served; 0.0.0.0 in a container' },
      {
        name: 'WORKER_USER',
        byDefault: '',
        means:
          'for runbooks doctor run by someone else: whose rights it asks for, such as system:serviceaccount:NAMESPACE:ACCOUNT',
      },
    ],
  },
];

export const network: Group = {
  title: 'Ways out (worker, doctor; for the cluster also runbooks hold, release, arm, undo)',
  about: ['In small letters too. Temporal has variables of its own, and mail goes without a proxy.'],
  variables: [
    {
      name: 'HTTPS_PROXY',
      byDefault: '',
      example: 'http://proxy.example.com:3128',
      means: 'through which https addresses are asked',
    },
    { name: 'HTTP_PROXY', byDefault: '', means: 'the same for http addresses' },
    {
      name: 'NO_PROXY',
      byDefault: '',
      means:
        'what is asked without: names, domains with all below them, addresses, ranges (10.0.0.0/8), or *; this machine always is',
    },
  ],
};

export const practice: Group = {
  title: 'Practice (runbooks practice); set by npm start in .practice/env',
  variables: [
    { name: 'STANDINS_CONTROL', byDefault: '', means: 'where the stand-ins are broken and fixed' },
    { name: 'INTAKE_URL', byDefault: '', means: 'where practice alerts are sent' },
  ],
};
