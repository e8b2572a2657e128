/** The series that a rule must have to fire: those of one arm of its `or`. */

import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Each arm with the series that it reads, each once. */
export type Arms = string[][];

/**
 * Series whose absence a rule asks for, or that only keep it from firing (right of `unless`), are none that it rests on.
 * @param behind the arms of one selector: those of the rule that records it, else itself
 */
export function armsOf(query: string, behind: (selector: string) => Arms): Arms {
  const armsIn = (node: Node): Arms => {
    const text = query.slice(node.from, node.to);
    if (node.name === 'VectorSelector') return behind(text);
    if (node.name === 'FunctionCall' && text.startsWith('absent')) return [[]];
    const parts = childrenOf(node).map(armsIn);
    const [left = [[]]] = parts;
    if (node.getChild('Unless')) return left;
    if (node.getChild('Or')) return [...left, ...(parts.at(-1) ?? [])];
    return parts.reduce((all, part) => all.flatMap(one => part.map(other => [...one, ...other])), [[]]);
  };
  return armsIn(parser.parse(query).topNode).map(arm => [...new Set(arm)]);
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}
