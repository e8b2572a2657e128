/** What incidents are found by, where the namespace knows it; the names stand in histories. */
export const searchAttributes = {
  NqbaState: 'Keyword',
  NqbaSeverity: 'Keyword',
  NqbaPhase: 'Keyword',
  NqbaService: 'Keyword',
  NqbaCluster: 'Keyword',
  NqbaOutcome: 'Keyword',
  NqbaWaitingFor: 'KeywordList',
} as const;
