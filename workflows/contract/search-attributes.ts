/** Incidents are found by these, as far as the namespace has it with the right type. The names stand in histories. */

export const searchAttributeNames = ['RunbookState', 'RunbookSeverity', 'RunbookCluster', 'RunbookWaitingFor'] as const;
export type SearchAttributeName = (typeof searchAttributeNames)[number];

export const searchAttributes: Readonly<Record<SearchAttributeName, AttributeType>> = {
  RunbookState: 'Keyword',
  RunbookSeverity: 'Keyword',
  RunbookCluster: 'Keyword',
  RunbookWaitingFor: 'KeywordList',
};

/** Temporal's words for its types, in the order of their numbers. */
export const attributeTypes = ['Unspecified', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;
export type AttributeType = (typeof attributeTypes)[number];

/** The attributes of the namespace, by name. */
export type AttributesFound = ReadonlyMap<string, AttributeType>;
