/** The rules of Roles, and each single permission in them: one verb on one kind, under one name where they give names. */

import { z } from 'zod';

const rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
export type Rule = z.infer<typeof rule>;

const role = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(rule),
});
export type Role = z.infer<typeof role>;

export const rolesIn = (objects: object[]): Role[] => objects.flatMap(object => ('rules' in object ? [role.parse(object)] : []));

/** As rules of one permission each. */
export const singly = (rules: Rule[]): Rule[] =>
  rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        verbs.flatMap(verb =>
          (resourceNames ?? [undefined]).map(name => ({
            apiGroups: [group],
            resources: [resource],
            ...(name !== undefined && { resourceNames: [name] }),
            verbs: [verb],
          })),
        ),
      ),
    ),
  );

/** As the doctor calls a single permission: `get secrets/nqba-secrets in nqba-platform`. */
export function inWords(
  { apiGroups: [group = ''], resources: [resource], resourceNames, verbs: [verb] }: Rule,
  { metadata }: Role,
) {
  const name = resourceNames ? `/${resourceNames.join()}` : '';
  return `${verb} ${resource}${group && `.${group}`}${name} in ${metadata.namespace ?? 'the cluster'}`;
}
