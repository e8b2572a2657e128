/** Only these names of an alert enter Temporal, each value bounded. The whole body goes to the artifact store. */

export const labels = [
  'alertname',
  'severity',
  'priority',
  'service',
  'cluster',
  'instance',
  'namespace',
  'pod',
  'deployment',
  'statefulset',
  'daemonset',
  'component',
  'runbook',
] as const;

export const annotations = ['summary', 'description', 'value', 'runbook_url'] as const;

/** Longest label value, in characters. */
export const longestLabel = 200;
/** Longest annotation value, in characters. */
export const longestAnnotation = 1_000;

// Control and invisible formatting characters; line breaks and tabs stay, because descriptions have them.
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside without control characters, well formed, at most `longest` UTF-16 units. */
export const bounded = (text: string, longest: number) => text.replace(unprintable, '').slice(0, longest).toWellFormed();

const admit = (names: readonly string[], longest: number) => (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? [] : [[name, bounded(value, longest)]];
    }),
  );

export const admitLabels = admit(labels, longestLabel);
export const admitAnnotations = admit(annotations, longestAnnotation);
