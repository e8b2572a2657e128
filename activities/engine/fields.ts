/** Fields of Kubernetes objects by the names that plans and records call them: how each is read, and what a patch of it says. */

import { z } from 'zod';
import { jsonOf } from '../connectors/http.ts';
import type { Patch } from '../connectors/kubernetes.ts';
import { ingresses } from '../connectors/network-resources.ts';
import {
  configMaps,
  cronJobs,
  type Container,
  deployments,
  hpas,
  type KubeObject,
  type Resource,
  type Template,
  templateSchema,
} from '../connectors/resources.ts';
import { daemonSets, statefulSets } from '../connectors/workload-resources.ts';
import { stopped } from '../failures.ts';
import { sourcesIn } from '../gateway/sources-field.ts';
import { restartStamp, stampOf, templateName, templateText } from './templates.ts';
import { restartField } from './write.ts';

/** How the API server is told that a map replaces another. */
const replaced = { $patch: 'replace' };

export interface Field {
  /** Pods start again with it. */
  rolls?: true;
  read: (object: KubeObject) => string | null;
  /** Part of a patch. `whole`: what a value stands for, where it is too long or too private for a record. */
  patch: (value: string | null, object: KubeObject, whole?: object) => object;
  /** The name under which the artifact store keeps the whole of a value. */
  kept?: (value: string) => string;
}

interface Kind {
  resource: Resource<KubeObject>;
  as: Patch['as'];
  field: (name: string) => Field;
}

export const templateField = 'pod template';

export const kinds: Readonly<Record<string, Kind>> = {
  ConfigMap: { resource: configMaps, as: 'merge', field: keyOfConfigMap },
  Deployment: { resource: deployments, as: 'strategic', field: fieldOfWorkload },
  StatefulSet: { resource: statefulSets, as: 'strategic', field: fieldOfWorkload },
  DaemonSet: { resource: daemonSets, as: 'strategic', field: fieldOfWorkload },
  HorizontalPodAutoscaler: { resource: hpas, as: 'merge', field: fieldOfObject },
  CronJob: { resource: cronJobs, as: 'merge', field: fieldOfObject },
  Ingress: { resource: ingresses, as: 'merge', field: fieldOfIngress },
};

const withData = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

function keyOfConfigMap(name: string): Field {
  return {
    read: object => withData.parse(object).data[name] ?? null,
    patch: value => ({ data: { [name]: value } }),
  };
}

const withSpec = z.looseObject({
  spec: z.looseObject({
    template: templateSchema.optional(),
    minReplicas: z.number().default(1),
    replicas: z.number().default(1),
  }),
});

export const templateIn = (object: KubeObject): Template | undefined => withSpec.safeParse(object).data?.spec.template;

/** A number or a switch in the spec. Numbers that Kubernetes fills in are read as it would. */
function fieldOfSpec(name: string): Field {
  return {
    read: object => {
      const value = withSpec.parse(object).spec[name];
      return value === undefined || value === null ? null : JSON.stringify(value);
    },
    patch: value => ({ spec: { [name]: value === null ? null : specValue(name, value) } }),
  };
}

function specValue(name: string, value: string): unknown {
  const parsed = jsonOf(value);
  if (parsed === undefined) throw unfit(name, value);
  return parsed;
}

/** Only a record that someone has edited comes to this. */
const unfit = (field: string, value: string | null) =>
  stopped(
    'Refused',
    `${field} cannot become ${value ?? 'absent'}: the record of the change was edited by hand, or the object has another form since. Nothing was changed: restore it by hand, remove the annotation, then answer done by hand.`,
  );

/** Named fields of a pod template, the first pattern that fits; every other name is a field of the spec. */
const patterns: [RegExp, (...words: string[]) => Field][] = [
  [/^image of (.+)$/, image],
  [/^(requests|limits)\.(\S+) of (.+)$/, amount],
  [/^([A-Z][A-Z0-9_]*)(?: of (.+))?$/, secretReference],
];

/** An annotation, else a field of the spec. */
function fieldOfObject(name: string): Field {
  const [, annotated] = /^annotation (.+)$/.exec(name) ?? [];
  return annotated === undefined ? fieldOfSpec(name) : annotation(annotated);
}

function fieldOfWorkload(name: string): Field {
  if (name === restartField) return restart;
  if (name === templateField) return wholeTemplate;
  for (const [pattern, field] of patterns) {
    const words = pattern.exec(name);
    if (words) return field(...words.slice(1));
  }
  return fieldOfObject(name);
}

const restart: Field = {
  rolls: true,
  read: object => stampOf(templateIn(object) ?? { metadata: { labels: {}, annotations: {} } }) ?? null,
  patch: value => ({ spec: { template: { metadata: { annotations: { [restartStamp]: value } } } } }),
};

const wholeTemplate: Field = {
  rolls: true,
  read: object => {
    const template = templateIn(object);
    return template ? templateText(template) : null;
  },
  patch: (_value, _object, whole = {}) => ({ spec: { template: { ...whole, ...replaced } } }),
  kept: templateName,
};

function annotation(name = ''): Field {
  return {
    read: ({ metadata }) => metadata.annotations[name] ?? null,
    patch: value => ({ metadata: { annotations: { [name]: value } } }),
  };
}

/** `sources in <annotation>`: addresses, of which a record says only how many. */
function fieldOfIngress(name: string): Field {
  const [, annotated] = /^sources in (.+)$/.exec(name) ?? [];
  return annotated === undefined ? fieldOfObject(name) : sourcesIn(annotated);
}

const containerIn = (object: KubeObject, name?: string): Container | undefined =>
  templateIn(object)?.spec.containers.find(container => container.name === name);

const inContainer = (name: string | undefined, part: object) => ({
  spec: { template: { spec: { containers: [{ name, ...part }] } } },
});

function image(container?: string): Field {
  return {
    rolls: true,
    read: object => containerIn(object, container)?.image ?? null,
    patch: value => inContainer(container, { image: value }),
  };
}

function amount(kind = '', resource = '', container = ''): Field {
  return {
    rolls: true,
    read: object => {
      const resources = containerIn(object, container)?.resources;
      return (kind === 'limits' ? resources?.limits : resources?.requests)?.[resource] ?? null;
    },
    patch: value => inContainer(container, { resources: { [kind]: { [resource]: value } } }),
  };
}

/** A variable that comes from a Secret, as `secret/key`; a record of the former form does not name the container. */
function secretReference(variable = '', named?: string): Field {
  const holder = (object: KubeObject) =>
    named === undefined
      ? templateIn(object)?.spec.containers.find(({ env }) => hasVariable(env, variable))
      : containerIn(object, named);
  return {
    rolls: true,
    read: object => {
      const ref = holder(object)?.env.find(({ name }) => name === variable)?.valueFrom?.secretKeyRef;
      return ref?.name ? `${ref.name}/${ref.key}` : null;
    },
    patch: (value, object) => {
      const [name = '', key = ''] = value?.split('/') ?? [];
      const container = holder(object);
      if (!container) throw unfit(variable, value);
      return inContainer(container.name, { env: [{ name: variable, valueFrom: { secretKeyRef: { name, key } } }] });
    },
  };
}

const hasVariable = (env: Container['env'], variable: string) => env.some(({ name }) => name === variable);

/** True if pods of the object restart when this field is written. */
export const rolls = (kind: string, field: string): boolean => kinds[kind]?.field(field).rolls === true;
