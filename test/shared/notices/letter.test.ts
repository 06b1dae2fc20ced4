import { describe, expect, test } from 'vitest';
import type { Alert } from '#shared/alerts/contract.ts';
import type { DashboardView } from '#shared/dashboard/contract.ts';
import { htmlOf, textOf } from '#shared/notices/letter.ts';
import { lastWeek, weeklyLetterOf, type WeekFacts } from '#shared/notices/weekly-letter.ts';

const anAlert = (over: Partial<Alert>): Alert => ({
  id: 'coa_1.release_missing',
  coachId: 'coa_1',
  cause: 'release_missing',
  actor: 'coach',
  subjectKind: 'competitor',
  subjectIds: ['cmp_1'],
  since: '2026-11-10T10:00:00.000Z',
  headline: 'A release is missing: Leilani',
  sentence: 'Record the date, or send a reminder.',
  action: { code: 'record_release', target: { kind: 'competitor', id: 'cmp_1' } },
  snoozedUntil: null,
  ...over,
});

const row = (id: string, done: number, teamName: string | null = null) => ({
  competitorId: id,
  name: `Full ${id} Lastname`,
  teamName,
  done,
});

interface Week {
  readonly solved?: number;
  readonly change?: number | null;
  readonly rows?: readonly object[];
  readonly streaks?: readonly object[];
  readonly teams?: readonly object[];
  readonly flashCtfs?: readonly object[];
  readonly freshness?: object;
}

/** Only what the letter reads. */
const viewOf = ({
  solved = 0,
  change = null,
  rows = [],
  streaks = [],
  teams = [],
  flashCtfs = [],
  freshness,
}: Week) =>
  ({
    period: { from: '2026-11-09', to: '2026-11-15', timeZone: 'America/Los_Angeles' },
    freshness: { asOf: '2026-11-16T14:21:00.000Z', late: 0, expected: 12, ...freshness },
    kpis: { solved: { value: solved, change } },
    leaderboard: { rows },
    teams: { rows: teams },
    timeline: { streaks, flashCtfs },
  }) as unknown as DashboardView;

const factsOf = (over: Partial<WeekFacts> = {}): WeekFacts => ({
  coach: { name: 'Marisol Vega', school: 'Cedar Hollow' },
  view: viewOf({}),
  alerts: [],
  firstNames: new Map([
    ['a', 'Kofi'],
    ['b', 'Linh'],
    ['c', 'Kofi'],
  ]),
  siteUrl: 'https://site.test',
  key: 'coa_1~0123456789012345678901',
  today: '2026-11-16',
  ...over,
});

describe('the week that the email is about', () => {
  test.each([
    ['2026-11-16', '2026-11-09', '2026-11-15'],
    ['2026-11-17', '2026-11-09', '2026-11-15'],
    ['2026-11-22', '2026-11-09', '2026-11-15'],
    ['2026-11-23', '2026-11-16', '2026-11-22'],
    ['2027-01-01', '2026-12-21', '2026-12-27'],
  ])('on %s is %s to %s', (today, from, to) => {
    expect(lastWeek(today)).toEqual({ from, to });
  });
});

describe('the weekly email', () => {
  test('is not made without anything to do and without solves', () => {
    expect(weeklyLetterOf(factsOf())).toBeNull();
    const others = [anAlert({ actor: 'program', cause: 'not_approved' })];
    expect(weeklyLetterOf(factsOf({ alerts: others }))).toBeNull();
  });

  test('says how many things need the coach, the oldest first, six at most', () => {
    const alerts = Array.from({ length: 8 }, (_, index) =>
      anAlert({ headline: `Thing ${index}`, since: `2026-11-${10 - index + 10}T00:00:00.000Z` }),
    );
    const made = weeklyLetterOf(factsOf({ alerts }));
    expect(made?.needs).toBe(8);
    expect(made?.letter).toMatchObject({
      subject: 'Cedar Hollow: 8 things need you',
      title: 'Eight things need you, Marisol',
      intro: 'Everything else runs by itself. The oldest 6 are here, 2 more on the dashboard.',
    });
    expect(made?.letter.points.map(({ strong }) => strong)).toEqual(
      [7, 6, 5, 4, 3, 2].map((index) => `Thing ${index}.`),
    );
  });

  test('tells what went well with first names alone, and two of one name by their teams', () => {
    const view = viewOf({
      solved: 141,
      change: 76,
      rows: [row('a', 25, 'Packet Foxes'), row('b', 23), row('c', 21, 'Null Pointers')],
      streaks: [{ competitorId: 'b', name: 'Full b Lastname', days: 5 }],
      teams: [{ name: 'Packet Foxes', solved: 89, active: 3, members: 4 }],
      flashCtfs: [
        { name: 'November Flash', players: 9 },
        { name: 'Nobody’s Flash', players: 0 },
      ],
    });
    const letter = weeklyLetterOf(factsOf({ view }))?.letter;
    expect(letter?.subject).toBe('Cedar Hollow: nothing needs you, 141 challenges solved');
    expect(letter?.list?.lines).toEqual([
      '141 challenges solved, 76 more than the week before.',
      '9 competitors took part in November Flash.',
      'Kofi (Packet Foxes), Linh, and Kofi (Null Pointers) solved the most: 25, 23, and 21.',
      'Linh solved something on five days in a row.',
    ]);
    expect(letter?.table?.rows).toEqual([['Packet Foxes', '89', '3 of 4']]);
    if (letter === undefined) return;
    for (const whole of [htmlOf(letter), textOf(letter)]) expect(whole).not.toContain('Lastname');
  });

  test('says for whom scores are as of when', () => {
    const late = factsOf({ view: viewOf({ solved: 1, freshness: { late: 2 } }) });
    expect(weeklyLetterOf(late)?.letter.note).toBe(
      'Scores as of Mon, Nov 16, 6:21 AM, for 10 of 12 competitors; the others are read late. Competitors’ last names are left out of emails.',
    );
    const never = factsOf({ alerts: [anAlert({})], view: viewOf({ freshness: { asOf: null } }) });
    expect(weeklyLetterOf(never)?.letter.note).toContain('Scores have not been read yet.');
  });

  test('links to what each thing is about, and to the page that stops it', () => {
    const team = anAlert({
      subjectKind: 'team',
      action: { code: 'look_at_team', target: { kind: 'team', id: 'tea_1' } },
    });
    const many = anAlert({ action: { code: 'record_release', target: null } });
    const letter = weeklyLetterOf(factsOf({ alerts: [anAlert({}), team, many] }))?.letter;
    expect(letter?.points.map(({ link }) => link?.url)).toEqual([
      'https://site.test/competitors/cmp_1',
      'https://site.test/teams/tea_1',
      'https://site.test/competitors',
    ]);
    expect(letter?.links.map(({ url }) => url)).toEqual([
      'https://site.test/mail?key=coa_1~0123456789012345678901&weekly=never',
      'https://site.test/mail?key=coa_1~0123456789012345678901&weekly=when_needed',
    ]);
  });

  test('has what was typed as text, whatever it looks like', () => {
    const alerts = [anAlert({ headline: '<b onload="x">Foxes & Co</b>' })];
    const letter = weeklyLetterOf(factsOf({ alerts, coach: { name: '"Ines" <i>', school: '' } }))?.letter;
    if (letter === undefined) throw new Error('There is no letter.');
    const html = htmlOf(letter);
    expect(html).toContain('&lt;b onload=&quot;x&quot;&gt;Foxes &amp; Co&lt;/b&gt;.');
    expect(html).not.toContain('<b onload');
    expect(textOf(letter)).toContain('<b onload="x">Foxes & Co</b>.');
  });

  test('is at most 72 characters wide as text, addresses aside', () => {
    const sentence =
      'No one can be added before a release is signed. Record the date, or send a reminder. '.repeat(4);
    const letter = weeklyLetterOf(factsOf({ alerts: [anAlert({ sentence })] }))?.letter;
    const lines = letter === undefined ? [] : textOf(letter).split('\n');
    expect(lines.filter((line) => line.length > 72 && !line.includes('https://'))).toEqual([]);
    expect(lines).toContain('ONE THING NEEDS YOU, MARISOL');
  });
});
