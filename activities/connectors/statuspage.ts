/** The public status page (https://developer.statuspage.io, API v1). It has no idempotency key: we read before we write. */

import { z } from 'zod';
import { plainAddress, under } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { parsed, sender, type Wire } from './http.ts';
import { byHand, fault, fine, type Line } from './line.ts';

export const componentStatuses = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
] as const;
export type PageStatus = (typeof componentStatuses)[number];

export interface PageComponent {
  id: string;
  name: string;
  status: PageStatus;
}

export interface PageIncident {
  id: string;
  status: string;
  /** Our incident's id, if it is one of ours. */
  ours?: string;
  /** Everything that was said in it, newest first. */
  texts: string[];
}

export interface Publication {
  status: 'investigating' | 'identified' | 'monitoring' | 'resolved';
  body: string;
  /** Component id to its status. */
  components: Record<string, PageStatus>;
}

/** Every call throws SystemError. */
export interface Statuspage {
  components: () => Promise<PageComponent[]>;
  unresolved: () => Promise<PageIncident[]>;
  open: (ours: string, name: string, publication: Publication) => Promise<PageIncident>;
  update: (id: string, publication: Publication) => Promise<PageIncident>;
  setComponent: (id: string, status: PageStatus) => Promise<void>;
}

export interface StatuspageConfig {
  url: string;
  key: string;
  page: string;
}

const system = 'The status page';
const component = z.looseObject({ id: z.string(), name: z.string(), status: z.enum(componentStatuses) });
const incident = z
  .looseObject({
    id: z.string(),
    status: z.string(),
    metadata: z.looseObject({ nqba_runbooks: z.looseObject({ incident: z.string() }).optional().catch(undefined) }).nullish(),
    incident_updates: z.array(z.looseObject({ body: z.string().nullish() })).default([]),
  })
  .transform(({ id, status, metadata, incident_updates }): PageIncident => {
    const ours = metadata?.nqba_runbooks?.incident;
    return { id, status, texts: incident_updates.map(({ body }) => body ?? ''), ...(ours && { ours }) };
  });

export function connectStatuspage({ url, key, page }: StatuspageConfig, wire: Wire): Statuspage {
  const send = sender(system, wire);
  const at = under(url, `/pages/${encodeURIComponent(page)}`);
  const headers = { authorization: `OAuth ${key}`, 'content-type': 'application/json' };
  const get = async <T>(schema: z.ZodType<T>, path: string) => parsed(system, schema, await send(at + path, { headers }));
  const write = async <T>(schema: z.ZodType<T>, method: 'POST' | 'PATCH', path: string, body: object) =>
    parsed(system, schema, await send(at + path, { method, headers, body: JSON.stringify(body) }));
  return {
    components: () => get(z.array(component), '/components'),
    unresolved: () => get(z.array(incident), '/incidents/unresolved'),
    open: (ours, name, publication) =>
      write(incident, 'POST', '/incidents', {
        incident: { name, ...stated(publication), metadata: { nqba_runbooks: { incident: ours } } },
      }),
    update: (id, publication) =>
      write(incident, 'PATCH', `/incidents/${encodeURIComponent(id)}`, { incident: stated(publication) }),
    async setComponent(id, status) {
      await write(component, 'PATCH', `/components/${encodeURIComponent(id)}`, { component: { status } });
    },
  };
}

const stated = ({ status, body, components }: Publication) => ({
  status,
  body,
  components,
  component_ids: Object.keys(components),
});

async function examine({ system: statuspage, platform }: Seen<StatuspageConfig, Statuspage>): Promise<Line> {
  if (!statuspage) return byHand(system, 'STATUSPAGE_API_KEY and STATUSPAGE_PAGE_ID');
  const there = await statuspage.components();
  const wanted = Object.values(platform.statusPage.components).filter(component => component !== undefined);
  const missing = wanted.filter(({ name, id }) => !there.some(one => (id ? one.id === id : one.name === name)));
  if (missing.length === 0) return fine(system, `answers, and has ${wanted.map(({ name }) => name).join(', ')}.`);
  return fault(
    system,
    `has no component ${missing.map(({ id, name }) => id ?? name).join(', ')}.`,
    `Correct statusPage.components in the platform description; it has: ${there.map(({ name }) => name).join(', ')}.`,
  );
}

const byPaste = 'the public text becomes text to paste';

export const statuspageSystem = describeSystem({
  variables: z.object({
    STATUSPAGE_API_URL: plainAddress
      .default('https://api.statuspage.io/v1')
      .register(documented, { means: 'the API of the public status page' }),
    STATUSPAGE_API_KEY: text
      .optional()
      .register(documented, { means: 'needs STATUSPAGE_PAGE_ID as well', without: byPaste, secret: true }),
    STATUSPAGE_PAGE_ID: text.optional().register(documented, { means: 'the page', without: byPaste }),
  }),
  configure: ({ STATUSPAGE_API_URL: url, STATUSPAGE_API_KEY: key, STATUSPAGE_PAGE_ID: page }) =>
    key && page ? { url, key, page } : undefined,
  missing: ({ STATUSPAGE_API_KEY: key, STATUSPAGE_PAGE_ID: page }, { variables }) => [
    !(key && page) &&
      (key || page || variables['STATUSPAGE_API_URL']) &&
      `${key ? 'STATUSPAGE_PAGE_ID' : 'STATUSPAGE_API_KEY'} is missing: the status page needs both`,
  ],
  connect: connectStatuspage,
  examined: { name: system, examine },
});
