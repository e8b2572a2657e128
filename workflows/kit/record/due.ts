import type { Due } from './events.ts';
import { isOurs } from './alerts.ts';
import { dueReminders } from './announcements.ts';
import { dueClocks } from './clocks.ts';
import { dueRung } from './escalation.ts';
import { dueMorning } from './night.ts';
import { dueHours } from './unreached.ts';
import { isOpen, type State } from './state.ts';

/** The nearest of all deadlines; there is one timer, and it waits for this. */
export function due(state: State): Due | undefined {
  const all = [
    ...expiries(state),
    ...dueReminders(state),
    ...budgets(state),
    ...longPhases(state),
    ...dueClocks(state),
    ...dueRung(state),
    ...dueMorning(state),
    ...dueHours(state),
    ...quiet(state),
    ...end(state),
  ];
  return all.sort((a, b) => a.at.localeCompare(b.at))[0];
}

function expiries({ questions }: State): Due[] {
  return questions.filter(isOpen).flatMap(({ id, title, expires, otherwise }) =>
    expires === undefined || otherwise === undefined
      ? []
      : [
          {
            at: expires,
            what: `no one answered “${title}”: ${otherwise}`,
            event: { kind: 'expired', question: id } as const,
          },
        ],
  );
}

function budgets({ phases }: State): Due[] {
  return phases.flatMap(({ title, by, ended, overdue }) =>
    by === undefined || ended !== undefined || overdue !== undefined
      ? []
      : [{ at: by, what: `${title} is overdue`, event: { kind: 'phase overdue', title } as const }],
  );
}

function longPhases({ phases }: State): Due[] {
  return phases.flatMap(({ title, warn, warned, ended }) =>
    warn === undefined || warned !== undefined || ended !== undefined
      ? []
      : [{ at: warn, what: `announce that ${title} takes long`, event: { kind: 'phase takes long', title } as const }],
  );
}

function quiet({ quietUntil, quiet: over }: State): Due[] {
  return quietUntil === undefined || over
    ? []
    : [{ at: quietUntil, what: 'quiet for long enough: close', event: { kind: 'quiet' } }];
}

function end(state: State): Due[] {
  return isOurs(state) && !state.end.held
    ? [
        {
          at: state.end.holdsUntil,
          what: 'alert resolved for 5 minutes: confirm with our own check',
          event: { kind: 'end held' },
        },
      ]
    : [];
}
