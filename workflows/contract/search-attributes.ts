/** Incidents are found by these where the namespace has them; the names stand in histories. */
export const searchAttributes = {
  NqbaState: 'Keyword',
  NqbaSeverity: 'Keyword',
  NqbaPhase: 'Keyword',
  NqbaService: 'Keyword',
  NqbaCluster: 'Keyword',
  NqbaOutcome: 'Keyword',
  NqbaWaitingFor: 'KeywordList',
} as const;
