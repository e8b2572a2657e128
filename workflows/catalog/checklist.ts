/** The Incident Response Checklist of the written runbooks, in its words: part of every incident. */

export const checklist = {
  'During Incident': [
    'Declare incident with appropriate severity',
    'Notify relevant team members',
    'Implement immediate mitigation',
    'Begin investigation',
    'Update status page',
    'Communicate with customers',
  ],
  Resolution: ['Implement fix', 'Verify resolution', 'Monitor metrics', 'Update documentation', 'Communicate resolution'],
  'Post-Incident': [
    'Conduct post-mortem',
    'Update runbooks',
    'Implement preventive measures',
    'Review monitoring and alerting',
    'Update incident response procedures',
  ],
} as const;

export type ChecklistLine = (typeof checklist)[keyof typeof checklist][number];
