/** The fields of the operations, by slug. */

import type { FieldTable } from './inputs.ts';

export const fieldsOf = {
  'morning-health-check': {},
  'log-review': {},
  'weekly-maintenance-window': {
    opensIn: {
      type: 'number',
      least: 0.02,
      most: 336,
      help: 'hours from now until the window opens, where it was moved; if absent, on Sunday at 02:00 UTC',
    },
  },
  'quantum-workload-scaling': {
    workers: {
      type: 'number',
      whole: true,
      least: 2,
      most: 10,
      help: 'fewest replicas of the worker; if absent, as many as the depth of the queue asks for',
    },
    perWorker: {
      type: 'number',
      least: 1,
      most: 1000,
      usual: 20,
      help: 'jobs that one worker finishes in ten minutes, where the queue does not measure it',
    },
  },
  'quantum-api-key-rotation': {},
  'quantum-job-optimization': {
    batch: { type: 'number', whole: true, least: 1, most: 100, usual: 5, help: 'jobs in one batch (QUANTUM_BATCH_SIZE)' },
    timeout: {
      type: 'number',
      whole: true,
      least: 30,
      most: 3600,
      usual: 300,
      help: 'seconds after which a quantum job is cut off (QUANTUM_TIMEOUT)',
    },
  },
} as const satisfies Readonly<Record<string, FieldTable>>;
