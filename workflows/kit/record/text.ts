/** At most so many characters, with a mark where something was cut. */
export const cut = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;

/** Length as UTF-8. */
export const bytesOf = (text: string) => utf8.encode(text).length;
const utf8 = new TextEncoder();
