/** A time zone in which it is about noon now: what is paged at night is another matter than what is paged by day. */
export function byDay(now: Date): string {
  const ahead = 12 - now.getUTCHours();
  // The names count the other way round: https://data.iana.org/time-zones/tzdb/etcetera
  return ahead > 0 ? `Etc/GMT-${ahead}` : `Etc/GMT+${-ahead}`;
}
