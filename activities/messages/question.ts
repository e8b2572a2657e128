/** The text of a question in the incident's channel. */

import type { About, Asked } from '../../workflows/contract/index.ts';
import { fittingSlack, forSlack } from './plain.ts';

/** At most so many choices are named; the command line lists them all. */
const choicesShown = 8;

/** Longest remark, in characters. */
const longestRemark = 1500;

/** Further lines of a remark, and the characters of each: a follow-up's text is whole. Slack takes 40,000 in all. */
const [mostLines, longestOfLines] = [40, 700];

export const remarked = (text: string, { incident, severity }: About, lines: string[] = []): string =>
  [
    `${forSlack(severity)} ${forSlack(incident)}: ${forSlack(text, longestRemark)}`,
    ...lines.slice(0, mostLines).map(line => fittingSlack(line, longestOfLines)),
    ...(lines.length > mostLines ? [`and ${lines.length - mostLines} more: runbooks show ${forSlack(incident)}`] : []),
  ].join('\n');

export function asked(question: Asked, { incident, severity }: About, reminder: number): string {
  const { title, owner, also, second, choices, suggest, because, expires, otherwise, plan = [], command } = question;
  const said = [
    `${reminder > 0 ? 'Still asked' : 'Asked'}: ${forSlack(title, 150)} (${forSlack(severity)} ${forSlack(incident)}, for ${owner}${second ? ` and ${second}` : ''}${also ? ` or ${also}` : ''})`,
    because && forSlack(because),
    ...plan.map(line => `• ${forSlack(line, 300)}`),
    `Choices: ${choices
      .slice(0, choicesShown)
      .map(choice => forSlack(choice, 80))
      .join(' · ')}`,
    suggest && `Proposed: ${forSlack(suggest, 80)}`,
    expires && otherwise && `Unanswered at ${forSlack(expires)}: ${forSlack(otherwise, 80)}`,
    `\`${forSlack(command.replaceAll('`', ''))}\``,
  ];
  return said.filter(Boolean).join('\n');
}
