/** The document at GET /openapi.json: paths, bodies and answers of the intake. */

import { z } from 'zod';
import about from '../../package.json' with { type: 'json' };
import { answer, refusal } from './answer.ts';
import { webhookBody } from './body.ts';
import { smallAlert } from './forms.ts';
import { acknowledgement, pagerdutyEvent } from './pagerduty.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};

/** One that lacks something is answered *quarantined*, beside its good neighbours. */
const { name: _, fingerprint, ...fields } = smallAlert.shape;
const webhookAlert = z.looseObject({ ...fields, fingerprint: fingerprint.describe('Made of the labels, if absent') });

const schemas = {
  group: schemaOf(webhookBody.extend({ alerts: z.array(webhookAlert).min(1) }), 'input'),
  alert: schemaOf(smallAlert, 'input'),
  answer: schemaOf(answer),
  refusal: schemaOf(refusal),
  event: schemaOf(pagerdutyEvent, 'input'),
  acknowledgement: schemaOf(acknowledgement),
  runbooks: schemaOf(z.array(z.object({ slug: z.string(), title: z.string() }))),
  readiness: schemaOf(z.object({ ready: z.boolean(), because: z.string().optional() })),
};

const json = (description: string, name: keyof typeof schemas) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const plain = (description: string) => ({ description, content: { 'text/plain': { schema: { type: 'string' } } } });

const posting = (summary: string, body: 'group' | 'alert') => ({
  post: {
    summary,
    security: [{ token: [] }],
    requestBody: { required: true, ...json('At most 8 MiB', body) },
    responses: {
      200: json('Each alert was decided: read its result and reason', 'answer'),
      400: json('The body has another form', 'refusal'),
      401: json('The token is not known', 'refusal'),
      413: json('The body is larger than 8 MiB', 'refusal'),
      500: json('The intake failed; its log says why', 'refusal'),
      503: json(
        'Temporal did not answer for at least one alert, or too many wait for it: send the body again, repeats are absorbed',
        'answer',
      ),
    },
  },
});

export const openapi = {
  openapi: '3.1.0',
  info: { title: 'Intake of nqba-runbooks', version: about.version, description: 'Alerts in, incidents out.' },
  paths: {
    '/alertmanager': posting('Takes the webhook of Alertmanager (version 4)', 'group'),
    '/grafana': posting('Takes the webhook of Grafana (version 1)', 'group'),
    '/alerts': posting('Takes one alert of any other monitor', 'alert'),
    '/pagerduty': {
      post: {
        summary: "Takes PagerDuty's webhook (version 3): an acknowledgement there acknowledges the incident",
        security: [{ signature: [] }],
        requestBody: { required: true, ...json('At most 256 KiB', 'event') },
        responses: {
          200: json('Acknowledged, or why not', 'acknowledgement'),
          400: json('The body has another form', 'refusal'),
          401: json('The signature is not that of the body', 'refusal'),
          404: json('The webhook is not connected', 'refusal'),
          413: json('The body is larger than 256 KiB', 'refusal'),
          500: json('The intake failed; its log says why', 'refusal'),
          503: json('Temporal did not answer: send the body again', 'acknowledgement'),
        },
      },
    },
    '/runbooks': {
      get: { summary: 'The runbooks of the catalog', responses: { 200: json('Slug and title of each', 'runbooks') } },
    },
    '/runbooks/{slug}': {
      get: {
        summary: 'The written page of a runbook, where the `runbook_url` of its alerts leads',
        parameters: [{ name: 'slug', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: { description: 'Markdown', content: { 'text/markdown': { schema: { type: 'string' } } } },
          404: json('No runbook is called so', 'refusal'),
        },
      },
    },
    '/healthz': { get: { summary: 'Whether it runs', responses: { 200: plain('It runs') } } },
    '/readyz': {
      get: {
        summary: 'Whether it reaches Temporal',
        responses: { 200: json('It does', 'readiness'), 503: json('It does not', 'readiness') },
      },
    },
    '/openapi.json': {
      get: {
        summary: 'This document',
        responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } },
      },
    },
  },
  components: {
    schemas,
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'INTAKE_TOKEN, or the token of the path' },
      signature: {
        type: 'apiKey',
        in: 'header',
        name: 'x-pagerduty-signature',
        description: 'v1=HMAC-SHA256 of the body, with PAGERDUTY_WEBHOOK_SECRET',
      },
    },
  },
} as const;
