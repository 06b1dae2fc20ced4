import type { Alert } from '#shared/alerts/contract.ts';
import type { DashboardView } from '#shared/dashboard/contract.ts';
import { addDays } from '#shared/kernel/days.ts';
import {
  clockTime,
  count,
  counted,
  dayIn,
  inWords,
  listed,
  plural,
  rangeLabel,
  weekdayAndDay,
} from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';
import { MAIL_PAGE } from './contract.ts';
import type { Letter } from './letter.ts';

/** 0 on Mondays. */
const daysSinceMonday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** The seven days, Monday to Sunday, that ended before this one. */
export function lastWeek(today: string): { readonly from: string; readonly to: string } {
  const to = addDays(today, -daysSinceMonday(today) - 1);
  return { from: addDays(to, -6), to };
}

export interface WeekFacts {
  readonly coach: { readonly name: string; readonly school: string };
  /** The coach's dashboard of the week. */
  readonly view: DashboardView;
  /** Open alerts, of whoever acts. */
  readonly alerts: readonly Alert[];
  /** First names by competitor; a last name never gets into an email. */
  readonly firstNames: ReadonlyMap<string, string>;
  /** Without a slash at its end. */
  readonly siteUrl: string;
  /** What lets the reader of this email stop it without a sign-in. */
  readonly key: string;
  readonly today: string;
}

/** More would be a list to put off; the dashboard has them all. */
const MOST_POINTS = 6;
const MOST_TEAMS = 12;

/** What each link leads to, in words that say more than "here". */
const LINK_WORDS: Readonly<Record<Alert['action']['code'], string>> = {
  record_release: 'Record the release',
  settle_refusal: 'See the reason',
  add_to_platform: 'Add to the platform',
  complete_profile: 'Complete the profile',
  reset_password: 'Reset the password',
  look_at_competitors: 'See who it is',
  look_at_team: 'Open the team',
  recreate_team: 'See the difference',
};

const PAGES: Readonly<Record<Alert['subjectKind'], string>> = {
  competitor: '/competitors',
  team: '/teams',
  program: '/',
};

function pathOf({ action: { target }, subjectKind }: Alert): string {
  if (target === null) return PAGES[subjectKind];
  return `${PAGES[target.kind]}/${encodeURIComponent(target.id)}`;
}

/** Two of one first name are told apart by their teams. */
function namesOf(
  rows: DashboardView['leaderboard']['rows'],
  firstNames: ReadonlyMap<string, string>,
): string[] {
  const names = rows.map(({ competitorId }) => firstNames.get(competitorId) ?? 'Someone');
  return names.map((name, index) => {
    const team = rows[index]?.teamName ?? null;
    return team !== null && names.filter((other) => other === name).length > 1 ? `${name} (${team})` : name;
  });
}

function wentWell({ view, firstNames }: WeekFacts): string[] {
  const { kpis, leaderboard, timeline } = view;
  const lines: string[] = [];
  const solved = kpis.solved.value ?? 0;
  const { change } = kpis.solved;
  if (solved > 0) {
    const than =
      change === null
        ? ''
        : change === 0
          ? ', as many as the week before'
          : `, ${count(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than the week before`;
    lines.push(`${counted(solved, 'challenge')} solved${than}.`);
  }
  for (const { name, players } of timeline.flashCtfs.filter((one) => one.players > 0).slice(0, 3)) {
    lines.push(`${counted(players, 'competitor')} took part in ${name}.`);
  }
  const best = leaderboard.rows.filter(({ done }) => done > 0).slice(0, 3);
  if (best.length > 0) {
    const names = listed(namesOf(best, firstNames));
    lines.push(`${names} solved the most: ${listed(best.map(({ done }) => count(done)))}.`);
  }
  const [streak] = timeline.streaks;
  if (streak !== undefined) {
    const name = firstNames.get(streak.competitorId) ?? 'Someone';
    lines.push(`${name} solved something on ${inWords(streak.days)} days in a row.`);
  }
  return lines;
}

function asOfWords({ view, today }: WeekFacts): string {
  const { asOf, late, expected } = view.freshness;
  const names = 'Competitors’ last names are left out of emails.';
  if (asOf === null) return `Scores have not been read yet. ${names}`;
  const { timeZone } = view.period;
  const at = `${weekdayAndDay(dayIn(timeZone, new Date(asOf)), today)}, ${clockTime(asOf, timeZone)}`;
  const rest =
    late === 0
      ? ''
      : `, for ${count(expected - late)} of ${counted(expected, 'competitor')}; the others are read late`;
  return `Scores as of ${at}${rest}. ${names}`;
}

/** What a coach is told on Monday; null when there is neither anything to do nor anything that went well. */
export function weeklyLetterOf(facts: WeekFacts): { readonly letter: Letter; readonly needs: number } | null {
  const { coach, view, alerts, siteUrl, key, today } = facts;
  const mine = alerts
    .filter(({ actor }) => actor === 'coach')
    .toSorted((a, b) => a.since.localeCompare(b.since));
  const well = wentWell(facts);
  if (mine.length === 0 && well.length === 0) return null;
  const needs = mine.length;
  const solved = view.kpis.solved.value ?? 0;
  const things =
    needs === 0 ? 'nothing needs you' : `${counted(needs, 'thing')} ${plural(needs, 'needs', 'need')} you`;
  const school = coach.school === '' ? 'Your week' : coach.school;
  const first = coach.name.split(' ')[0] ?? coach.name;
  const inTitle =
    needs === 0
      ? 'Nothing needs you'
      : `${capitalized(inWords(needs))} ${plural(needs, 'thing needs', 'things need')} you`;
  const more = needs - MOST_POINTS;
  const link = (weekly: string): string =>
    `${siteUrl}${MAIL_PAGE}?key=${encodeURIComponent(key)}&weekly=${weekly}`;
  return {
    needs,
    letter: {
      subject: `${school}: ${things}${solved === 0 ? '' : `, ${counted(solved, 'challenge')} solved`}`,
      preview: needs === 0 ? 'Everything runs by itself.' : (mine[0]?.headline ?? ''),
      kicker: `Coach Dashboard, week of ${rangeLabel(view.period.from, view.period.to, today)}`,
      title: `${inTitle}, ${first}`,
      intro:
        needs === 0
          ? 'Everything runs by itself.'
          : `Everything else runs by itself.${more > 0 ? ` The oldest ${MOST_POINTS} are here, ${counted(more, 'more', 'more')} on the dashboard.` : ''}`,
      button:
        needs === 0
          ? { text: 'Open the dashboard', url: `${siteUrl}/` }
          : { text: 'See what needs you', url: `${siteUrl}/` },
      points: mine.slice(0, MOST_POINTS).map((alert) => ({
        strong: `${alert.headline}.`,
        text: alert.sentence,
        link: { text: LINK_WORDS[alert.action.code], url: siteUrl + pathOf(alert) },
      })),
      list: well.length === 0 ? null : { title: 'What went well', lines: well },
      table:
        view.teams.rows.length === 0
          ? null
          : {
              title: 'Teams',
              head: ['Team', 'Solved', 'Active'],
              rows: view.teams.rows
                .slice(0, MOST_TEAMS)
                .map(({ name, solved: done, active, members }) => [
                  name,
                  count(done),
                  `${count(active)} of ${count(members)}`,
                ]),
            },
      note: asOfWords(facts),
      why: `You get this on Mondays as a coach${coach.school === '' ? '' : ` at ${coach.school}`}.`,
      links: [
        { text: 'Stop this email', url: link('never') },
        { text: 'Only when something needs me', url: link('when_needed') },
      ],
    },
  };
}
