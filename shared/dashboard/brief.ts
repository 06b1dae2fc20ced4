import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { needOf, type Need } from '#shared/competitors/needs-attention.ts';
import type { Answer, DashboardView } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import type { Freshness, SuspensionKind } from './freshness.ts';
import { isRegistered } from './metrics.ts';
import type { Period } from './period.ts';
import { capitalised, duration, inWords, listNames, plural } from './words.ts';

/** Three answers in words: is anything wrong, who needs me, how are we doing. */

const calm = (headline: string, detail: string, chips: Answer['chips'] = []): Answer => ({
  tone: 'calm',
  headline,
  detail,
  chips,
});

function wrong({ facts, freshness, suspension, now }: BriefInput): Answer {
  const { state, expected, late, lastReadAt } = freshness;
  const age = lastReadAt === null ? '' : duration(now.getTime() - Date.parse(lastReadAt));
  if (suspension === 'blocked') {
    return {
      tone: 'stale',
      headline: 'The platform refuses our access.',
      detail: `The program’s admins have to renew it; you need do nothing and nothing is lost.${age === '' ? '' : ` Scores are ${age} old.`}`,
      chips: [{ tone: 'warning', text: 'Waiting for the program' }],
    };
  }
  if (suspension === 'off') {
    return {
      tone: 'stale',
      headline: 'Sync is paused by the program.',
      detail: `Keep editing; everything goes out when it is on again.${age === '' ? '' : ` Scores are ${age} old.`}`,
      chips: [{ tone: 'pending', text: 'Paused' }],
    };
  }
  if (state === 'never') {
    return {
      tone: 'stale',
      headline: 'Scores have not been read yet.',
      detail: 'The first read starts within five minutes. Nothing is lost: the platform keeps every solve.',
      chips: [{ tone: 'pending', text: 'Waiting for the first read' }],
    };
  }
  if (state === 'stale') {
    return {
      tone: 'stale',
      headline: age === '' ? 'Scores are late.' : `Scores are ${age} old.`,
      detail: `${late} of ${expected} competitors were not read in time. They may have solved more than we show; we keep trying.`,
      chips: [{ tone: 'warning', text: `${late} late ${plural(late, 'read', 'reads')}` }],
    };
  }
  if (expected === 0) {
    return calm('Nothing.', 'Nobody has an approved account yet, so there are no scores to read.');
  }
  const lateNames = facts.competitors
    .filter((one) => freshness.lateIds.has(one.id))
    .map((one) => one.firstName);
  const onTime = `${expected - late} of ${expected} competitors read on time.`;
  return calm(
    age === 'a moment' ? 'Nothing. Scores were read just now.' : `Nothing. Scores are ${age} old.`,
    late === 0
      ? onTime
      : `${onTime} ${listNames(lateNames, 3)} ${plural(late, 'is', 'are')} being read late; we are on it.`,
    late === 0
      ? [{ tone: 'ok', text: 'All read on time' }]
      : [{ tone: 'neutral', text: `${late} late ${plural(late, 'read', 'reads')}` }],
  );
}

/** Everybody a coach can do something for; each person once. */
function needsOf(competitors: readonly Competitor[]): Readonly<Record<Need, Competitor[]>> {
  const groups: Record<Need, Competitor[]> = {
    onHold: [],
    refused: [],
    ready: [],
    release: [],
    profile: [],
    signIn: [],
  };
  for (const competitor of competitors) {
    const { active, platform } = competitor;
    const status = competitorStatus(competitor);
    const need = needOf({ active, status, onHold: onHold(competitor), ...platform });
    if (need !== null) groups[need].push(competitor);
  }
  return groups;
}

/** What a coach needs for one person, by experience of the program's office; a hint, not a promise. */
const MINUTES_EACH = { onHold: 3, refused: 3, ready: 1, release: 2, profile: 2, signIn: 1 } as const;

function needs(facts: CoachFacts): Answer {
  const groups = needsOf(facts.competitors);
  const people = Object.values(groups).flat();
  if (people.length === 0) {
    const everybody = facts.competitors.some(isRegistered)
      ? 'Everyone is set up.'
      : 'There is nobody here yet.';
    return calm('Nobody right now.', everybody);
  }
  const lines = [
    [groups.onHold.length, 'on hold', 'on hold'],
    [groups.refused.length, 'refused account', 'refused accounts'],
    [groups.ready.length, 'ready to add', 'ready to add'],
    [groups.release.length, 'missing release', 'missing releases'],
    [groups.profile.length, 'unfinished profile', 'unfinished profiles'],
    [groups.signIn.length, 'account never used', 'accounts never used'],
  ] as const;
  const detail = lines
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${inWords(count)} ${plural(count, one, many)}`)
    .join(', ');
  const minutes =
    groups.onHold.length * MINUTES_EACH.onHold +
    groups.refused.length * MINUTES_EACH.refused +
    groups.ready.length * MINUTES_EACH.ready +
    groups.release.length * MINUTES_EACH.release +
    groups.profile.length * MINUTES_EACH.profile +
    groups.signIn.length * MINUTES_EACH.signIn;
  const rounded = minutes < 10 ? minutes : Math.round(minutes / 5) * 5;
  return {
    tone: 'attention',
    headline: `${capitalised(inWords(people.length))} ${plural(people.length, 'person', 'people')}, about ${inWords(rounded)} ${plural(rounded, 'minute', 'minutes')}.`,
    detail: `${capitalised(detail)}.`,
    chips: [
      {
        tone: 'neutral',
        text: listNames(
          people.map((one) => one.firstName),
          4,
        ),
      },
    ],
  };
}

function progress(kpi: DashboardView['kpis']['solved'], period: Period): Answer {
  const { value, change, state } = kpi;
  if (state === 'never') {
    return calm('Not known yet.', 'The first score read brings the figures.');
  }
  const done = value ?? 0;
  const before = done - (change ?? 0);
  const counted = `${done} ${plural(done, 'challenge', 'challenges')} solved in the period, ${before} in the one before.`;
  if (done === 0 && before === 0)
    return calm('Quiet.', 'No challenge was solved in this period or the one before.');
  if (change === null || change === 0) return calm('Level with the period before.', counted);
  const share = before === 0 ? null : Math.round((Math.abs(change) / before) * 100);
  return calm(
    `${change > 0 ? 'Ahead' : 'Behind'} by ${Math.abs(change)} ${plural(Math.abs(change), 'challenge', 'challenges')}.`,
    counted,
    [
      {
        tone: change > 0 ? 'up' : 'down',
        text: `${share === null ? Math.abs(change) : `${share} %`} vs ${period.previousLabel}`,
      },
    ],
  );
}

export interface BriefInput {
  readonly facts: CoachFacts;
  readonly freshness: Freshness;
  readonly suspension: SuspensionKind | null;
  readonly solved: DashboardView['kpis']['solved'];
  readonly period: Period;
  readonly now: Date;
}

export const briefOf = (input: BriefInput): DashboardView['brief'] => ({
  wrong: wrong(input),
  needs: needs(input.facts),
  progress: progress(input.solved, input.period),
});
