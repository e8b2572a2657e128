import type { Call, Outcome } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';
import type { TextName } from './messages/texts.ts';

export type ComponentStatus = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage';

export interface StatusPageInput {
  component: 'quantum';
  status: ComponentStatus;
  text: TextName;
  /** Measured part of the jobs, 0 to 1, for texts that state one. */
  share?: number;
}

export const commsActivities = (_deps: Deps) => ({
  async declareIncident(_input: { title: string }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
  async setStatusPage(_input: StatusPageInput, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
  async tellCustomers(_input: { text: TextName }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
  async resolveIncident(_input: { summary: string }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
});
