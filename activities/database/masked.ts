/** Statements as people may read them: what they name stays, what they carry goes. Pure. */

/** In the order in which they are tried at each place; the last alternative may end with the text, as the server cuts it. */
const comment = String.raw`--[^\n]*|/\*[\s\S]*?(?:\*/|$)`;
const quotedName = String.raw`"(?:[^"]|"")*(?:"|$)`;
const dollars = String.raw`\$(?<tag>(?:[A-Za-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)`;
const escaped = String.raw`\b[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)`;
const string = String.raw`(?:\b(?:[bBxXnN]|[uU]&))?'(?:[^']|'')*(?:'|$)`;
const parameter = String.raw`\$\d+`;
const word = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const number = String.raw`\d[\w.]*(?:(?<=[eE])[+-]\d+)?`;

const tokens = new RegExp(
  `(?<comment>${comment})|(?<kept>${quotedName}|${parameter})|(?<literal>${[dollars, escaped, string].join('|')})|(?<word>${word})|(?<number>${number})`,
  'gu',
);

const longest = 60;

/** `select * from users where mail = ?`, cut to one short line. */
export function masked(statement: string): string {
  const bare = statement.replace(tokens, (token, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1);
    if (groups['comment'] !== undefined) return ' ';
    return groups['literal'] === undefined && groups['number'] === undefined ? token : '?';
  });
  const line = bare.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
