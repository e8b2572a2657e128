/** Asks a namespace which search attributes it has. */

import type { AttributesFound, AttributeType, SearchAttributeName } from '../workflows/contract/search-attributes.ts';
import { attributeTypes, searchAttributeNames, searchAttributes } from '../workflows/contract/search-attributes.ts';

/** The part of a connection to Temporal that is needed here. */
export interface Connected {
  operatorService: {
    listSearchAttributes(request: { namespace: string }): Promise<{ customAttributes: Record<string, number> }>;
  };
  workflowService: {
    describeNamespace(request: { namespace: string }): Promise<{
      config?: { customSearchAttributeAliases?: Record<string, string> | null } | null;
    }>;
  };
}

/** gRPC status codes: you may not; there is no such method; who are you? */
const closed = [7, 12, 16];

/** Where they may not be listed, the aliases in the namespace's description say the same. Rejects when Temporal does not answer. */
export async function attributesOf({ operatorService, workflowService }: Connected, namespace: string): Promise<AttributesFound> {
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    return new Map(Object.entries(customAttributes).map(([name, type]) => [name, attributeTypes[type] ?? 'Unspecified']));
  } catch (error) {
    if (!closed.includes(Number(Reflect.get(Object(error), 'code')))) throw error;
    const { config } = await workflowService.describeNamespace({ namespace });
    return new Map(Object.entries(config?.customSearchAttributeAliases ?? {}).map(([field, name]) => [name, typeOf(field)]));
  }
}

/** A field is called by its type and a number: `KeywordList01`. */
const typeOf = (field: string): AttributeType => attributeTypes.find(type => type === field.replace(/\d+$/, '')) ?? 'Unspecified';

/** Those of ours that may be set. */
export const settable = (found: AttributesFound): SearchAttributeName[] =>
  searchAttributeNames.filter(name => found.get(name) === searchAttributes[name]);
