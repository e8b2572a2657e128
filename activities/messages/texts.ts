/** The public texts by name; a runbook never carries wording. */

export const textNames = ['degraded', 'quantum-fallback', 'dynex-eta', 'dynex-resolved'] as const;
export type TextName = (typeof textNames)[number];
