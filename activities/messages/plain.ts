/** Text from outside as text: nothing in it is interpreted where it is read. */

/** One line without control or formatting characters, cut to so many characters. */
export function plain(text: string, most = 500): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** For Slack's mrkdwn: the three characters that links, mentions and commands are made of. */
export const forSlack = (text: string, most?: number): string => escaped(plain(text, most));

/** The same where Slack counts: cut so that what is written fits, and no escaped character is cut through. */
export function fittingSlack(text: string, most: number): string {
  const whole = forSlack(text);
  if (whole.length <= most) return whole;
  let cut = '';
  for (const character of plain(text)) {
    const longer = cut + escaped(character);
    if (longer.length >= most) break;
    cut = longer;
  }
  return `${cut}…`;
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
