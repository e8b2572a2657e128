/** Grafana, as far as it says itself whether it is well. People look at its dashboards; nothing is measured there. */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, type Seen } from './description.ts';
import { parsed, sender, type Wire } from './http.ts';
import { fine, type Line } from './line.ts';
import { quoted, SystemError } from './system-error.ts';

export interface Grafana {
  address: string;
  /** It answers, and its database does. @throws SystemError */
  health: () => Promise<void>;
}

const system = 'Grafana';
const wellness = z.looseObject({ database: z.string() });

export function connectGrafana({ url }: { url: string }, wire: Wire): Grafana {
  const send = sender(system, wire);
  return {
    address: printed(url),
    async health() {
      const { database } = parsed(system, wellness, await send(under(url, '/api/health'), { within: limits.probe }));
      if (database === 'ok') return;
      throw new SystemError({
        system,
        fault: 'answered',
        status: 200,
        text: `answered, but its database is ${quoted(database)}`,
      });
    },
  };
}

async function examine({ system: grafana }: Pick<Seen<{ url: string }, Grafana>, 'system'>): Promise<Line> {
  if (!grafana) return fine(system, 'is not connected: its health is not checked. To connect it, set GRAFANA_URL.');
  await grafana.health();
  return fine(system, 'answers, and so does its database.');
}

export const grafanaSystem = describeSystem({
  variables: z.object({
    GRAFANA_URL: webAddress.optional().register(documented, {
      means: 'Grafana, whose health is checked; its dashboards are linked from platform.json',
      without: 'whether people can look at dashboards is not checked',
      example: 'https://grafana.example.com',
    }),
  }),
  configure: ({ GRAFANA_URL: url }) => (url ? { url } : undefined),
  connect: connectGrafana,
  examined: { name: system, examine },
});
