/**
 * Grafana, as far as its health.
 *
 * Follows https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api: 503 with `failing` where its database is.
 */

import type { Hono } from 'hono';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

export function grafana(around: Surroundings): Hono {
  const app = standIn();
  app.use(
    failing(around, {
      down: c => c.json({ ...build, database: 'failing' }, 503),
      unauthorised: c => c.json({ message: 'Unauthorized' }, 401),
    }),
  );
  app.get('/api/health', c => c.json({ ...build, database: 'ok' }));
  app.notFound(c => c.json({ message: 'Not found' }, 404));
  return app;
}

const build = { commit: 'practice', version: '10.0.0' };

export const grafanaStandIn: StandIn = { serve: grafana, environment: url => ({ GRAFANA_URL: url }) };
