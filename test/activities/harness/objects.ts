/** Objects as the API server and the status page show them, leaf by leaf, and where the fields of a plan stand in them. */

import { z } from 'zod';
import { restartStamp } from '../../../activities/engine/templates.ts';
import { targetName } from '../../../workflows/contract/action.ts';
import type { Change } from '../../../workflows/contract/index.ts';
import type { Stage } from '../stage.ts';

/** Values by their paths in one object. */
export type Leaves = Map<string, string>;
/** By the names that plans call them. */
export type Objects = Map<string, Leaves>;

export async function objectsAt(on: Stage, paths: string[], incident: string): Promise<Objects> {
  const read = paths.map(async path => {
    if (path === '/components') return pageOf(on, incident);
    if (path === '/order') return orderOf(on);
    if (path === '/database') return databaseOf(on);
    if (path === '/silences') return silencesOf(on);
    if (path === '/prices') return pricesOf(on);
    if (path === '/v1/blocks') return blocksOf(on);
    if (path.startsWith('/v1/entitlements/')) return quotasOf(on, path);
    if (path.startsWith('/v1/limits/')) return limitOf(on, path.slice('/v1/limits/'.length));
    return path === '/intake' ? intakeOf(on) : objectAt(on, path);
  });
  return new Map((await Promise.all(read)).flat());
}

const named = z.looseObject({ kind: z.string(), metadata: z.looseObject({ namespace: z.string(), name: z.string() }) });

async function objectAt(on: Stage, path: string): Promise<[string, Leaves][]> {
  const object = named.parse(await on.you.get(path));
  const { status: _, ...rest } = object;
  const leaves = new Map([...leavesOf(rest)].filter(([path]) => !kept.some(pattern => pattern.test(path))));
  return [[targetName({ kind: object.kind, ...object.metadata }), leaves]];
}

/** What the API server and its controllers keep for themselves. */
const kept = [
  /^\/metadata\/(resourceVersion|generation|managedFields|uid|creationTimestamp)/,
  /^\/metadata\/annotations\/deployment\.kubernetes\.io\/revision$/,
  // A variable of a container stands under its name already.
  /\/env\/[A-Z][A-Z0-9_]*\/name$/,
];

/** Items of a list by their names, where they have some. */
function leavesOf(value: unknown, path = ''): Leaves {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [nameOf(item) ?? String(index), item])
    : Object.entries(value);
  return new Map(entries.flatMap(([name, inner]) => [...leavesOf(inner, `${path}/${name}`)]));
}

const nameOf = (item: unknown) => z.looseObject({ name: z.string() }).safeParse(item).data?.name;

const components = z.array(z.looseObject({ id: z.string(), name: z.string(), status: z.string() }));
const incidents = z.array(
  z.looseObject({
    metadata: z.unknown(),
    incident_updates: z.array(z.looseObject({ body: z.string().nullish() })),
    components: z.array(z.looseObject({ id: z.string() })),
  }),
);

/** Of each component its status, and what we say of it. */
async function pageOf(on: Stage, incident: string): Promise<[string, Leaves][]> {
  const all = incidents.parse(await on.page('/incidents/unresolved'));
  const ours = all.filter(({ metadata }) => JSON.stringify(metadata ?? '').includes(incident));
  return components.parse(await on.page('/components')).map(({ id, name, status }) => {
    const said = ours.find(one => one.components.some(component => component.id === id))?.incident_updates[0]?.body;
    return [targetName({ kind: 'Status page', name }), new Map([['/status', status], ...text(said)])];
  });
}

async function intakeOf(on: Stage): Promise<[string, Leaves][]> {
  const { percent } = z.looseObject({ percent: z.number() }).parse(await on.hub('/intake'));
  return [[targetName({ kind: 'Job hub', name: 'intake' }), new Map([['/percent', String(percent)]])]];
}

function databaseOf({ rds: { name, class: size, becomes } }: Stage): [string, Leaves][] {
  return [[targetName({ kind: 'DB instance', name }), new Map([['/class', becomes?.class ?? size]])]];
}

/** Of ours, how long it lasts and which matchers it has. */
async function silencesOf(on: Stage): Promise<[string, Leaves][]> {
  const ours = (await on.silences.silences()).find(({ createdBy }) => createdBy !== 'ann');
  const matchers = ours?.matchers.map(({ name, value, isRegex, isEqual }) => {
    const operator = `${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}`;
    return `${name}${operator}${JSON.stringify(value)}`;
  });
  const leaves: [string, string][] = ours
    ? [
        ['/until', ours.endsAt],
        ['/matchers', (matchers ?? []).toSorted().join(', ')],
      ]
    : [];
  return [[targetName({ kind: 'Silence', name: 'planned alerts' }), new Map(leaves)]];
}

async function orderOf(on: Stage): Promise<[string, Leaves][]> {
  const named = z.array(z.string());
  const { classes, hold } = z.looseObject({ classes: named, hold: named.default([]) }).parse(await on.hub('/order'));
  const held: [string, string][] = hold.length > 0 ? [['/hold', hold.join(', ')]] : [];
  return [[targetName({ kind: 'Job hub', name: 'order' }), new Map([['/classes', classes.join(', ')], ...held])]];
}

async function pricesOf(on: Stage): Promise<[string, Leaves][]> {
  const { version } = await on.operators.billing.prices();
  return [[targetName({ kind: 'Price list', name: 'in force' }), new Map([['/version', version]])]];
}

/** Of a limit of the platform's own API what its plan names. */
async function limitOf(on: Stage, scope: string): Promise<[string, Leaves][]> {
  const all = z.looseObject({ limits: z.record(z.string(), limit) }).parse(await on.operator('/v1/limits'));
  const found = all.limits[scope];
  const { per_minute, burst, until, reason } = found ?? {};
  const fields = { 'calls a minute': per_minute, 'calls at once': burst, ends: until ?? undefined, reason };
  const leaves = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[`/${name}`, String(value)]],
  );
  return [[targetName({ kind: 'Limit', name: scope }), new Map(leaves)]];
}

const limit = z.object({ per_minute: z.number(), burst: z.number(), until: z.string().nullable(), reason: z.string() });

const raised = z.object({ override: z.looseObject({ jobs_per_month: z.number() }).nullable() });

/** The quota of one customer, as a plan shows it without a name. */
async function quotasOf(on: Stage, path: string): Promise<[string, Leaves][]> {
  const { override } = raised.parse(await on.operator(path));
  const leaves: [string, string][] = override ? [['/quota', `${override.jobs_per_month} jobs a month`]] : [];
  return [[targetName({ kind: 'Quotas', name: 'raised' }), new Map(leaves)]];
}

async function blocksOf(on: Stage): Promise<[string, Leaves][]> {
  const { blocks } = z
    .looseObject({ blocks: z.array(z.looseObject({ cidr: z.string() })) })
    .parse(await on.operator('/v1/blocks'));
  const cidrs = [...new Set(blocks.map(({ cidr }) => cidr))].toSorted().join(',');
  return [[targetName({ kind: 'Blocks', name: 'sources' }), new Map([['/cidrs', cidrs]])]];
}

const text = (said: string | null | undefined): [string, string][] => (said ? [['/text', said]] : []);

const template = '/spec/template';
const container = (name: string) => `${template}/spec/containers/${name}`;
export const stampPath = `${template}/metadata/annotations/${restartStamp}`;

/** Where a field of a plan stands, the first pattern that fits, said here once more and not taken from the engine. */
const places: [RegExp, (...words: string[]) => string][] = [
  [/^restartedAt$/, () => stampPath],
  [/^pod template$/, () => template],
  [/^sources of incident /, () => '/cidrs'],
  [/^quota of customer /, () => '/quota'],
  [/^(?:annotation|sources in) (.+)$/, name => `/metadata/annotations/${name}`],
  [/^image of (.+)$/, name => `${container(name ?? '')}/image`],
  [/^(requests|limits)\.(\S+) of (.+)$/, (kind, resource, name) => `${container(name ?? '')}/resources/${kind}/${resource}`],
  [/^([A-Z][A-Z0-9_]*) of (.+)$/, (env, name) => `${container(name ?? '')}/env/${env}/valueFrom/secretKeyRef`],
];

export function placeOf({ target, field }: Pick<Change, 'target' | 'field'>): string {
  for (const [pattern, path] of places) {
    const words = pattern.exec(field);
    if (words) return path(...words.slice(1));
  }
  if (['Status page', 'Job hub', 'Limit', 'Price list', 'Silence', 'DB instance'].some(kind => target.startsWith(kind)))
    return `/${field}`;
  return target.startsWith('ConfigMap') ? `/data/${field}` : `/spec/${field}`;
}

/** What an object shows of a field, as a plan would say it; nothing where a plan says it in words of its own. */
export function shown(objects: Objects, change: Pick<Change, 'target' | 'field'>): string | null | undefined {
  const leaves = objects.get(change.target);
  const path = placeOf(change);
  if (path === template || change.field.startsWith('sources ')) return undefined;
  const [name, key] = [leaves?.get(`${path}/name`), leaves?.get(`${path}/key`)];
  return leaves?.get(path) ?? (name === undefined ? null : `${name}/${key}`);
}

export interface Difference {
  target: string;
  path: string;
  was: string | undefined;
  is: string | undefined;
}

/** Leaves that differ. */
export function differences(was: Objects, now: Objects): Difference[] {
  return [...now].flatMap(([target, leaves]) => {
    const former = was.get(target) ?? new Map<string, string>();
    const paths = [...new Set([...former.keys(), ...leaves.keys()])];
    return paths.map(path => ({ target, path, was: former.get(path), is: leaves.get(path) })).filter(({ was, is }) => was !== is);
  });
}

/** But for restart stamps, and the record of a change. */
export const isTrace = ({ path }: Difference) => path === stampPath || path.startsWith('/metadata/annotations/nqba-runbooks/');
