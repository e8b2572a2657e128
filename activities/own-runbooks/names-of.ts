/** The activities, workloads, ConfigMaps and roles that a runbook names in its source: a branch that no rehearsal takes has them too. */

import { filesOf } from './files-of.ts';
import { field, nameOf, type Node, nodesOf } from './syntax.ts';

export type NamedKind = 'activity' | 'workload' | 'ConfigMap' | 'role';

export interface Named {
  kind: NamedKind;
  name: string;
  /** `file:line`. */
  at: string;
}

/** By the fields of inputs and options that hold them. */
const kinds: Readonly<Record<string, NamedKind>> = {
  workload: 'workload',
  workloads: 'workload',
  configMap: 'ConfigMap',
  roles: 'role',
  owner: 'role',
  approver: 'role',
  second: 'role',
  expert: 'role',
};

export const namesOf = (runbook: string): Named[] =>
  filesOf(runbook).flatMap(({ program, at }) =>
    [...nodesOf(program)].flatMap(({ node }) => {
      const activity = activityIn(node);
      if (activity !== undefined) return [{ kind: 'activity' as const, name: activity, at: at(node) }];
      const kind = node.type === 'Property' ? kinds[nameOf(field(node, 'key')) ?? ''] : undefined;
      return kind ? textsIn(field(node, 'value')).map(({ text, node: of }) => ({ kind, name: text, at: at(of) })) : [];
    }),
  );

const words = ['step', 'check', 'watch'];

/** `kubernetes.restart` of `step('…').kubernetes.restart(…)`. */
function activityIn(node: Node): string | undefined {
  const called = node.type === 'CallExpression' ? field(node, 'callee') : undefined;
  const subject = called && field(called, 'object');
  const word = subject && field(subject, 'object');
  const isWord = word?.type === 'CallExpression' && words.includes(nameOf(field(word, 'callee')) ?? '');
  return isWord ? `${nameOf(subject)}.${nameOf(called)}` : undefined;
}

/** A text, or a list of texts; what is computed is not known before it runs. */
function textsIn(value: Node | undefined): { text: string; node: Node }[] {
  if (value?.type === 'Literal' && typeof value['value'] === 'string') return [{ text: value['value'], node: value }];
  return value?.type === 'ArrayExpression'
    ? [...nodesOf(value)].flatMap(({ node }) =>
        node.type === 'Literal' && typeof node['value'] === 'string' ? [{ text: node['value'], node }] : [],
      )
    : [];
}
