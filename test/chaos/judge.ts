import { dayOf } from '#shared/kernel/days.ts';

/** What the platform says in the end, and what is stored: compared without any of the product's own reckoning. */

export interface TrueSolve {
  /** `source#event#id`. */
  readonly key: string;
  readonly at: number;
  readonly points: number;
  readonly title: string;
  readonly category: string;
}

export interface TrueResult {
  readonly eventId: string;
  readonly solved: number;
  readonly points: number;
  readonly maxPoints: number;
  readonly rank: number;
}

export interface TruePerson {
  readonly id: string;
  /** Null: the platform tells nobody about this person's scores. */
  readonly solves: readonly TrueSolve[] | null;
  readonly results: readonly TrueResult[];
  /** Team over there. */
  readonly teamId: string | null;
  /** A text that is in every row with their name. */
  readonly name: string;
  /** Solves by month and source before the history began; null: not known. */
  readonly before: Readonly<Record<string, Sums>> | null;
  /** The team that the coach was told last; null: none; undefined: not asked, or the answer was lost. */
  readonly wish: string | null | undefined;
  readonly erased: boolean;
}

export interface Truth {
  readonly timeZone: string;
  readonly people: readonly TruePerson[];
  readonly teamIds: readonly string[];
  /** Months before this one had ended, `YYYY-MM`. */
  readonly openMonth: string;
}

export interface Sums {
  readonly odl: number;
  readonly odlPoints: number;
  readonly ctf: number;
  readonly ctfPoints: number;
}

export const FINDINGS = [
  'lost',
  'doubled',
  'wrong',
  'counter',
  'flash',
  'roster',
  'job',
  'erased',
  'letter',
] as const;
export interface Finding {
  readonly kind: (typeof FINDINGS)[number];
  readonly about: string;
  readonly text: string;
}

type Row = Readonly<Record<string, unknown>>;

export const sumsOf = (solves: readonly TrueSolve[]): Sums => {
  const of = (source: string) => solves.filter(({ key }) => key.startsWith(`${source}#`));
  const points = (list: readonly TrueSolve[]) => list.reduce((sum, one) => sum + one.points, 0);
  const [odl, ctf] = [of('odl'), of('ctf')];
  return { odl: odl.length, odlPoints: points(odl), ctf: ctf.length, ctfPoints: points(ctf) };
};

const textOf = ({ odl, odlPoints, ctf, ctfPoints }: Sums): string =>
  `odl ${odl} for ${odlPoints}, ctf ${ctf} for ${ctfPoints}`;

const sumsIn = (
  row: Row | undefined,
  [odl, odlPoints, ctf, ctfPoints]: readonly [string, string, string, string],
): string =>
  textOf({
    odl: Number(row?.[odl] ?? 0),
    odlPoints: Number(row?.[odlPoints] ?? 0),
    ctf: Number(row?.[ctf] ?? 0),
    ctfPoints: Number(row?.[ctfPoints] ?? 0),
  });
const STATS = ['storedOdl', 'storedOdlPoints', 'storedCtf', 'storedCtfPoints'] as const;
const DAY = ['odl', 'odlPoints', 'ctf', 'ctfPoints'] as const;

const ofType = (rows: readonly Row[], type: string): Row[] => rows.filter((row) => row['type'] === type);

export const monthsOf = (solves: readonly TrueSolve[], timeZone: string): Record<string, Sums> =>
  Object.fromEntries(
    [...Map.groupBy(solves, ({ at }) => dayOf(at, timeZone).slice(0, 7))].map(([month, list]) => [
      month,
      sumsOf(list),
    ]),
  );

function judgeSolves(person: TruePerson, own: readonly Row[], truth: Truth): Finding[] {
  const findings: Finding[] = [];
  const find = (kind: Finding['kind'], text: string) => findings.push({ kind, about: person.id, text });
  const solves = person.solves ?? [];
  const standing = ofType(own, 'solve').filter((row) => row['revokedAt'] === undefined);
  const stored = new Map(
    standing.map((row) => [
      `${String(row['source'])}#${String(row['eventId'])}#${String(row['solveId'])}`,
      row,
    ]),
  );
  for (const solve of solves) {
    const row = stored.get(solve.key);
    if (row === undefined) {
      find('lost', `${solve.key} is on the platform and not stored`);
      continue;
    }
    const told = `${solve.points} ${solve.category} ${solve.title} ${new Date(solve.at * 1_000).toISOString()}`;
    const kept = `${String(row['points'])} ${String(row['category'])} ${String(row['title'])} ${String(row['solvedAt'])}`;
    if (told !== kept) find('wrong', `${solve.key} is ${told} there and ${kept} here`);
  }
  const known = new Set(solves.map(({ key }) => key));
  for (const key of stored.keys())
    if (!known.has(key)) find('doubled', `${key} counts here and is not on the platform`);

  const [stats] = ofType(own, 'stats');
  const [told, kept] = [textOf(sumsOf(solves)), sumsIn(stats, STATS)];
  if (told !== kept) find('counter', `the totals are ${kept} instead of ${told}`);
  const last =
    solves.length === 0 ? null : new Date(Math.max(...solves.map(({ at }) => at)) * 1_000).toISOString();
  if ((stats?.['lastSolveAt'] ?? null) !== last)
    find('counter', `the last solve is of ${String(stats?.['lastSolveAt'])} instead of ${String(last)}`);

  const days = Map.groupBy(solves, ({ at }) => dayOf(at, truth.timeZone));
  const rows = new Map(ofType(own, 'day').map((row) => [String(row['day']), row]));
  for (const day of new Set([...days.keys(), ...rows.keys()])) {
    const [there, here] = [textOf(sumsOf(days.get(day) ?? [])), sumsIn(rows.get(day), DAY)];
    if (there !== here) find('counter', `${day} has ${here} instead of ${there}`);
  }

  return findings;
}

function judgeMonths(person: TruePerson, own: readonly Row[], truth: Truth): Finding[] {
  if (person.before === null) return [];
  const now = monthsOf(person.solves ?? [], truth.timeZone);
  const rows = new Map(ofType(own, 'restated_month').map((row) => [String(row['month']), row]));
  const months = new Set([...Object.keys(person.before), ...Object.keys(now), ...rows.keys()]);
  return [...months]
    .filter((month) => month < truth.openMonth)
    .flatMap((month) => {
      const [before, after] = [person.before?.[month], now[month]];
      const moved = textOf({
        odl: (after?.odl ?? 0) - (before?.odl ?? 0),
        odlPoints: (after?.odlPoints ?? 0) - (before?.odlPoints ?? 0),
        ctf: (after?.ctf ?? 0) - (before?.ctf ?? 0),
        ctfPoints: (after?.ctfPoints ?? 0) - (before?.ctfPoints ?? 0),
      });
      const kept = sumsIn(rows.get(month), DAY);
      return moved === kept
        ? []
        : [
            {
              kind: 'counter' as const,
              about: person.id,
              text: `${month} is restated by ${kept} instead of ${moved}`,
            },
          ];
    });
}

const resultText = ({ solved, points, maxPoints, rank }: Row): string =>
  `${String(solved)} solved, ${String(points)} of ${String(maxPoints)} points, rank ${String(rank)}`;

function judgeResults(person: TruePerson, own: readonly Row[]): Finding[] {
  const told = new Map(
    person.results.filter(({ solved }) => solved > 0).map((one) => [one.eventId, resultText({ ...one })]),
  );
  const kept = new Map(
    ofType(own, 'flash_result')
      // What the platform took back whole stays as a result of nothing.
      .filter((row) => row['solved'] !== 0)
      .map((row) => [String(row['eventId']), resultText(row)]),
  );
  return [...new Set([...told.keys(), ...kept.keys()])]
    .filter((eventId) => told.get(eventId) !== kept.get(eventId))
    .map((eventId) => ({
      kind: 'flash',
      about: person.id,
      text: `${eventId}: ${kept.get(eventId) ?? 'nothing'} instead of ${told.get(eventId) ?? 'nothing'}`,
    }));
}

function judgeLines(person: TruePerson, own: readonly Row[], rows: readonly Row[]): Finding[] {
  const lines = ofType(rows, 'activity').filter(
    (row) => row['competitorId'] === person.id && row['kind'] === 'solves_stored',
  );
  const told = lines.reduce((sum, row) => {
    const details = Object(row['details']) as Record<string, unknown>;
    return sum + Number(details['odl'] ?? 0) + Number(details['ctf'] ?? 0);
  }, 0);
  const there = ofType(own, 'solve').length;
  return told <= there
    ? []
    : [
        {
          kind: 'doubled',
          about: person.id,
          text: `the timeline tells of ${told} new solves, ${there} are stored`,
        },
      ];
}

function judgeTeam(person: TruePerson, own: readonly Row[], rows: readonly Row[]): Finding[] {
  const findings: Finding[] = [];
  const find = (text: string) => findings.push({ kind: 'roster', about: person.id, text });
  const [profile] = ofType(own, 'competitor');
  const wanted = (profile?.['teamId'] ?? null) as string | null;
  const onPlatform = typeof profile?.['gamePlatformId'] === 'string';
  if (person.wish !== undefined && person.wish !== wanted)
    find(`the coach was told ${String(person.wish)}, wanted is ${String(wanted)}`);
  const lists = ofType(rows, 'team').filter((row) => (row['members'] as string[]).includes(person.id));
  if (JSON.stringify(lists.map((row) => row['id'])) !== JSON.stringify(wanted === null ? [] : [wanted]))
    find(
      `is in the lists of ${lists.map((row) => String(row['id'])).join(', ') || 'no team'}, wanted is ${String(wanted)}`,
    );
  if ((onPlatform ? wanted : null) !== person.teamId)
    find(`is on ${String(person.teamId)} there, wanted is ${String(wanted)}`);
  const [entry] = ofType(own, 'roster_entry');
  if (entry === undefined || !onPlatform) return findings;
  if ((entry['confirmedTeamId'] ?? null) !== person.teamId)
    find(`${String(entry['confirmedTeamId'])} is confirmed, ${String(person.teamId)} is true`);
  if ((entry['doubtTeamId'] ?? null) !== null) find('is still in doubt');
  if ((entry['failure'] ?? null) !== null) find('still shows an error');
  return findings;
}

function judgeErased(person: TruePerson, own: readonly Row[], rows: readonly Row[]): Finding[] {
  const find = (text: string): Finding => ({ kind: 'erased', about: person.id, text });
  const left = own
    .filter((row) => row['type'] !== 'tombstone')
    .map((row) => find(`${String(row['sk'])} is left`));
  const named = rows.filter((row) => JSON.stringify(row).includes(person.name));
  const about = rows.filter(
    (row) =>
      !own.includes(row) &&
      ['activity', 'quarantine', 'sync_state', 'totals_due'].includes(String(row['type'])) &&
      row['competitorId'] === person.id,
  );
  return [
    ...left,
    ...named.map((row) => find(`${String(row['pk'])} ${String(row['sk'])} still has the name`)),
    ...about.map((row) => find(`${String(row['pk'])} ${String(row['sk'])} is about them`)),
    ...(own.some((row) => row['type'] === 'tombstone') ? [] : [find('there is no tombstone')]),
    ...(person.teamId === null ? [] : [find(`is still on ${person.teamId} there`)]),
  ];
}

function classifyJob(row: Row): Finding[] {
  const counts = Object(row['counts']) as Record<string, number>;
  // Whoever a round held back is nobody that it read.
  const { total, heldBack: _heldBack, ...outcomes } = counts;
  const sum = Object.values(outcomes).reduce((all, one) => all + one, 0);
  const status = String(row['status']);
  const wrong: readonly (readonly [boolean, string])[] = [
    [!['succeeded', 'failed', 'cancelled'].includes(status), `is still ${status}`],
    [row['partsDone'] !== row['parts'] && status !== 'cancelled', 'has parts that are open'],
    [total !== undefined && total !== sum, `counts ${total} people and ${sum} outcomes`],
    [status === 'failed' && row['error'] === null, 'failed without a reason'],
    [status === 'succeeded' && row['partsFailed'] !== 0, 'succeeded with failed parts'],
  ];
  return wrong.filter(([is]) => is).map(([, text]) => ({ kind: 'job', about: String(row['id']), text }));
}

/** Everything in which the table is not what the platform says, or contradicts itself. */
export function judge(truth: Truth, rows: readonly Row[], open: readonly string[]): Finding[] {
  const byKey = Map.groupBy(rows, (row) => String(row['pk']));
  const people = truth.people.flatMap((person) => {
    const own = byKey.get(`COMP#${person.id}`) ?? [];
    if (person.erased) return judgeErased(person, own, rows);
    return [
      ...(person.solves === null
        ? []
        : [
            ...judgeSolves(person, own, truth),
            ...judgeMonths(person, own, truth),
            ...judgeResults(person, own),
          ]),
      ...judgeLines(person, own, rows),
      ...judgeTeam(person, own, rows),
    ];
  });
  const present = ofType(rows, 'team')
    .map((row) => String(row['id']))
    .toSorted()
    .join(' ');
  const there = truth.teamIds.toSorted().join(' ');
  const teams: Finding[] =
    present === there
      ? []
      : [
          {
            kind: 'roster',
            about: 'teams',
            text: `there are ${present || 'none'} here and ${there || 'none'} there`,
          },
        ];
  const letters = open.map((text): Finding => ({ kind: 'letter', about: 'queue', text }));
  return [...people, ...teams, ...ofType(rows, 'job').flatMap(classifyJob), ...letters];
}
