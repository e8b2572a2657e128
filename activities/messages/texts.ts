/** The public texts by name; a runbook never carries wording. Plain text, and no claim that was not measured. */

export const textNames = ['degraded', 'quantum-fallback', 'dynex-eta', 'dynex-resolved', 'outage', 'works-again'] as const;
export type TextName = (typeof textNames)[number];

interface Text {
  /** Subject of a mail. */
  subject: string;
  body: string;
}

/** Texts that state a measured share of the jobs. */
export const stating: readonly TextName[] = ['quantum-fallback'];

/** Texts that no written runbook publishes: people publish them with one answer. */
export const drafted: readonly TextName[] = ['outage', 'works-again'];

/** @param share measured part of the jobs, 0 to 1; rounded down, so that we never say more than we saw */
export function publicText(name: TextName, component: string, share = 0): Text {
  const percent = Math.floor(share * 100 + 1e-9);
  const texts: Record<TextName, Text> = {
    degraded: {
      subject: `${component} is degraded`,
      body: `${component} is degraded. We are investigating and will update this page.`,
    },
    'quantum-fallback': {
      subject: `${component} runs on classical solvers`,
      body: `${component} is degraded. We have routed jobs to classical solvers: ${percent}% of the jobs we measured ran there. We continue to investigate.`,
    },
    'dynex-eta': {
      subject: `${component}: our provider is working on it`,
      body: `${component} is degraded because of an incident at our quantum provider. Jobs run on classical solvers until it is over. We will write again when the provider names a time.`,
    },
    'dynex-resolved': {
      subject: `${component} works again`,
      body: `${component} works again: jobs run on the quantum provider. The incident is resolved.`,
    },
    outage: {
      subject: `${component}: we are investigating an outage`,
      body: `We are investigating reports that ${component} does not answer. We will update this page.`,
    },
    'works-again': {
      subject: `${component} works again`,
      body: `${component} works again: we have measured it from outside. The incident is resolved.`,
    },
  };
  return texts[name];
}
