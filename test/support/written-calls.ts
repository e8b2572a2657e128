/** The calls of a runbook that carry a title, read from its source: what is called, and who decides about it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shipped } from '../../workflows/catalog/shipped.ts';

const runbooks = join(import.meta.dirname, '../../workflows/runbooks');
const comment = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm;

/** Functions of runbooks that pass a title on to a word. */
const passedOn: Record<string, string> = { newKey: 'ask' };
const spoken = /\b(step|check|watch|task|ask|phase|newKey)\(\s*(['"`])(.+?)\2/g;

export interface WrittenCall {
  kind: string;
  /** A computed detail stands there as it is written, `${…}`. */
  title: string;
  /** As `subject.name`; none for what people do. */
  activity: string | undefined;
  /** A role; none where no one is asked, or only where something stands in the way. */
  decides: string | undefined;
}

/** With the files that it imports from the runbooks: a cause may be written in one of its own. */
export function sourceOf(slug: string): string {
  const file = join(runbooks, `${slug}.ts`);
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8');
  const parts = [...text.matchAll(/from '\.\/(.+\.ts)'/g)].map(([, part = '']) => readFileSync(join(runbooks, part), 'utf8'));
  return [text, ...parts].join('\n').replaceAll(comment, '');
}

export function writtenCalls(source: string): WrittenCall[] {
  return [...source.matchAll(spoken)].map(({ 0: call, 1: word = '', 3: title = '', index }) => {
    const kind = passedOn[word] ?? word;
    const rest = source.slice(index + call.length, index + call.length + 600);
    const [, options = '', subject, name = ''] =
      /^(, (?:\{[^}]*\}|\w+))?\)\s*\.(\w+)\.(\w+)\(/.exec(rest.replace(/\s+/g, ' ')) ?? [];
    const activity = subject && `${subject}.${name}`;
    return {
      kind,
      title,
      activity,
      decides: activity ? approverOf(name, optionsOf(source, options)) : ownerOf(source, word, rest),
    };
  });
}

/** A name stands for the constant of that name. */
function optionsOf(source: string, options: string): string {
  const [, name] = /^, (\w+)$/.exec(options) ?? [];
  return name === undefined ? options : (new RegExp(`const ${name} = (\\{[^}]*\\})`).exec(source)?.[1] ?? '');
}

/** Whether people are asked is a property of the activity. */
function approverOf(name: string, options: string): string | undefined {
  const asks = Object.entries(shipped).find(([one]) => one === name)?.[1].asks;
  const [, approver = 'commander'] = /approver: '([\w-]+)'/.exec(options) ?? [];
  return asks === 'always' ? approver : undefined;
}

/** Of a task or a question; the options may be a constant, or part of the function that passes the title on. */
function ownerOf(source: string, word: string, rest: string): string | undefined {
  const [call = ''] = rest.replace(/\s+/g, ' ').split(/\);|\) ?: ?|\),/);
  const [constant = ''] = /(\w+)$/.exec(call) ?? [];
  const within =
    word in passedOn ? (source.split(`function ${word}(`)[1] ?? '') : `${call} ${optionsOf(source, `, ${constant}`)}`;
  return /\bowner: '([\w-]+)'/.exec(within)?.[1];
}
