/** Text from outside as text: nothing in it is interpreted where it is read. */

/** One line without control or formatting characters, cut to so many characters. */
export function plain(text: string, most = 500): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** For Slack's mrkdwn: the three characters that links, mentions and commands are made of. */
export const forSlack = (text: string, most?: number): string =>
  plain(text, most).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
