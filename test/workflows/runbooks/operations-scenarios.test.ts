// The shipped scenarios of the operations, each played to the end that it expects.
import { playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slugs = [
  'morning-health-check',
  'quantum-workload-scaling',
  'quantum-job-optimization',
  'quantum-api-key-rotation',
  'log-review',
  'weekly-maintenance-window',
];
for (const slug of slugs) playsShippedScenarios(slug);
