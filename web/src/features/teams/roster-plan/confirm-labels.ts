import type { PlanConfirmation, RosterPlanView } from '#shared/teams/contract.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { isUndecided } from '#web/shared/api/idempotency-key.ts';
import { count, counted } from '#shared/kernel/format.ts';

/** What an admin may confirm, what the form still lacks, and what a refusal means; pure. */

export type Scope = PlanConfirmation['scope'];

export interface ConfirmForm {
  readonly reason: string;
  /** The number of removals, as typed. */
  readonly removals: string;
}

const REASON_LEAST = 5;
export const REASON_MOST = 500;

interface Choice {
  readonly scope: Scope;
  readonly text: string;
  readonly rows: number;
}

/** The answers on offer; with nothing held back, the safe part is all of it. */
export function choicesOf({ safe, all }: RosterPlanView['confirmable']): readonly Choice[] {
  if (all === 0) return [];
  if (safe === all) return [{ scope: 'safe', text: `Apply the plan (${count(all)})`, rows: all }];
  const everything: Choice = { scope: 'all', text: `Confirm all ${count(all)}`, rows: all };
  if (safe === 0) return [everything];
  return [{ scope: 'safe', text: `Apply the safe part (${count(safe)})`, rows: safe }, everything];
}

export type Missing = Partial<Record<keyof ConfirmForm, string>>;

const digits = (typed: string): number | null => {
  const bare = typed.trim().replaceAll(/[,\s]/g, '');
  return /^\d+$/.test(bare) ? Number(bare) : null;
};

/** What the form lacks for an answer, by field; empty when it can be sent. */
export function missingFor(scope: Scope, form: ConfirmForm, removals: number): Missing {
  const reason =
    form.reason.trim().length < REASON_LEAST
      ? { reason: 'Say why, in a few words. The audit log keeps it.' }
      : {};
  if (scope === 'safe' || removals === 0 || digits(form.removals) === removals) return reason;
  return {
    ...reason,
    removals:
      form.removals.trim() === ''
        ? `Type ${count(removals)}, the number of people who would be taken off a team.`
        : `That is not the number: ${counted(removals, 'person', 'people')} would be taken off a team.`,
  };
}

export const confirmationOf = (scope: Scope, form: ConfirmForm, removals: number): PlanConfirmation =>
  scope === 'safe' ? { scope, reason: form.reason.trim() } : { scope, reason: form.reason.trim(), removals };

/** What stands between the form and the buttons, in one line; null when all of them can be pressed. */
export function formHint(choices: readonly Choice[], form: ConfirmForm, removals: number): string | null {
  const wanting = choices.map(({ scope }) => missingFor(scope, form, removals));
  const number = wanting.some((missing) => missing.removals !== undefined);
  // With two answers on offer, the safe one needs no number.
  const forWhat = choices.length > 1 ? 'for all of it ' : '';
  if (wanting.some((missing) => missing.reason !== undefined)) {
    return number ? `Missing: a reason, and ${forWhat}the number ${count(removals)}.` : 'Missing: a reason.';
  }
  return number ? `Missing: ${forWhat}the number ${count(removals)}.` : null;
}

interface Refusal {
  readonly title: string;
  readonly text: string;
  /** Drawing it up again is the way on. */
  readonly again: boolean;
}

/** What the server's no means for the person who pressed the button. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) {
    return { title: 'Not confirmed', text: 'Something went wrong on this page.', again: false };
  }
  const { message, code, status } = error.facts;
  if (isUndecided(error)) {
    return {
      title: 'No answer yet',
      text: `${message} It may have been confirmed. It is safe to try again: it is only done once.`,
      again: false,
    };
  }
  if (code === 'WORLD_CHANGED') {
    return {
      title: 'Something changed since this plan',
      text: 'A roster was edited here or on the platform, so nothing was changed. Compare again, then check the new plan.',
      again: true,
    };
  }
  if (code === 'PLAN_OUTDATED' || status === 404) {
    return {
      title: 'A newer plan replaced this one',
      text: 'Nothing was changed. You now see the newer plan. Read it before you confirm.',
      again: false,
    };
  }
  if (code === 'NOTHING_TO_CONFIRM') {
    return {
      title: 'Nothing is waiting anymore',
      text: 'Someone confirmed it before you, or the differences are gone.',
      again: false,
    };
  }
  if (code === 'REMOVALS_DIFFER') {
    return {
      title: 'The number does not match the plan',
      text: 'Nothing was changed. Look at the removals again; the plan may show more or fewer than before.',
      again: false,
    };
  }
  return { title: 'Not confirmed', text: message, again: false };
}
