import * as z from 'zod';
import { withoutGuard } from '#shared/kernel/csv/write-csv.ts';
import { isId, textInput } from '#shared/kernel/text.ts';
import { divisionSchema } from '../division.ts';
import { plainWriting } from '../who-is-who.ts';
import type { ImportTable } from './import-file.ts';

/** The column "team": which team a name means, and what becomes of a name that no team has. Safe in a browser. */

/** A team of the coach, as an import sees it. */
export interface KnownTeam {
  readonly id: string;
  readonly name: string;
}

/** What a coach wants done with a name that no team has; without an answer its rows are refused. */
export const teamAnswerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('use'), teamId: z.string() }),
  z.object({ answer: z.literal('create'), division: divisionSchema }),
  z.object({ answer: z.literal('leave_out') }),
]);
export type TeamAnswer = z.infer<typeof teamAnswerSchema>;

/** By the line of the file that names the team first; `*`: all other names. */
export const teamAnswersSchema = z.record(z.string(), teamAnswerSchema);
export type TeamAnswers = Readonly<Record<string, TeamAnswer>>;
export const OTHER_TEAMS = '*';

/** A team that the import makes. */
export interface NewTeam {
  readonly id: string;
  readonly name: string;
  readonly division: z.infer<typeof divisionSchema>;
}

/** A name of a team in the file that no team of the coach has. */
export interface UnknownTeam {
  readonly name: string;
  /** Of its rows. */
  readonly lines: readonly number[];
}

export interface ImportTeams {
  readonly known: readonly KnownTeam[];
  readonly answers: TeamAnswers;
  /** The same id for a line however often it is asked. */
  readonly newId: (line: number) => string;
}
export const NO_TEAMS: ImportTeams = { known: [], answers: {}, newId: () => '' };

export type WantedTeam =
  | { readonly kind: 'as_it_is' }
  | { readonly kind: 'team'; readonly id: string }
  | { readonly kind: 'refused'; readonly message: string };

const AS_IT_IS: WantedTeam = { kind: 'as_it_is' };
const refused = (message: string): WantedTeam => ({ kind: 'refused', message: `team: ${message}` });

const MAX_NAME = 100;
const nameInput = textInput('the team’s name', { max: MAX_NAME });
/** A longer cell is no name; its beginning is enough to refuse it. */
const LONGEST_CELL = 4 * MAX_NAME + 1;

const cellOf = (cells: readonly string[], { column }: Pick<ImportTable, 'column'>): string =>
  withoutGuard((cells[column.get('team') ?? -1] ?? '').slice(0, LONGEST_CELL)).trim();

const namesOf = (known: readonly KnownTeam[]): ReadonlyMap<string, readonly KnownTeam[]> =>
  Map.groupBy(known, ({ name }) => plainWriting(name));

/** Names that no team has, in the order of the file. */
export function unknownTeams(
  table: Pick<ImportTable, 'rows' | 'column'>,
  known: readonly KnownTeam[],
): readonly UnknownTeam[] {
  const byName = namesOf(known);
  const unknown = new Map<string, { name: string; lines: number[] }>();
  for (const { line, cells } of table.rows) {
    const name = cellOf(cells, table);
    const key = plainWriting(name);
    if (key === '' || byName.has(key)) continue;
    const before = unknown.get(key);
    if (before === undefined) unknown.set(key, { name, lines: [line] });
    else before.lines.push(line);
  }
  return [...unknown.values()];
}

/** What the names that no team has mean, each by how it is compared. */
function answered(
  table: Pick<ImportTable, 'rows' | 'column'>,
  { known, answers, newId }: ImportTeams,
): ReadonlyMap<string, WantedTeam | { readonly kind: 'create'; readonly team: NewTeam }> {
  const ids = new Set(known.map(({ id }) => id));
  return new Map(
    unknownTeams(table, known).map(({ name, lines: [line = 0] }) => {
      const wanted = () => {
        const answer = answers[String(line)] ?? answers[OTHER_TEAMS];
        if (answer === undefined)
          return refused('No team has this name. Correct it, or say what to do with the name.');
        if (answer.answer === 'leave_out') return AS_IT_IS;
        if (answer.answer === 'use')
          return ids.has(answer.teamId)
            ? ({ kind: 'team', id: answer.teamId } as const)
            : refused('The team that was chosen for this name is gone. Choose another one.');
        const parsed = nameInput.safeParse(name);
        if (!parsed.success) return refused(parsed.error.issues.map(({ message }) => message).join(' '));
        const { division } = answer;
        return { kind: 'create', team: { id: newId(line), name: parsed.data, division } } as const;
      };
      return [plainWriting(name), wanted()];
    }),
  );
}

/** The teams that the answers ask for. */
export const newTeamsOf = (table: Pick<ImportTable, 'rows' | 'column'>, teams: ImportTeams): NewTeam[] =>
  [...answered(table, teams).values()].flatMap((one) => (one.kind === 'create' ? [one.team] : []));

/** Which team each row asks for; `now`: the team that the competitor is on. */
export function createTeamChoice(
  table: Pick<ImportTable, 'rows' | 'column'>,
  teams: ImportTeams,
): (cells: readonly string[], now: string | null) => WantedTeam {
  const byName = namesOf(teams.known);
  const others = answered(table, teams);
  return (cells, now) => {
    const key = plainWriting(cellOf(cells, table));
    if (key === '') return AS_IT_IS;
    const named = byName.get(key);
    if (named === undefined) {
      const other = others.get(key) ?? AS_IT_IS;
      return other.kind === 'create' ? { kind: 'team', id: other.team.id } : other;
    }
    if (named.some(({ id }) => id === now)) return AS_IT_IS;
    const [team] = named;
    if (team === undefined || named.length > 1)
      return refused('Several teams have this name. Rename one of them.');
    return { kind: 'team', id: team.id };
  };
}

const LETTERS_APART = 2;

/** How many letters have to be added, left out or changed to come from one text to the other. */
function distance(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.entries()) {
    const next = [index + 1];
    for (const [at, there] of other.entries()) {
      const changed = (row[at] ?? 0) + (letter === there ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const lettersOf = (name: string): string[] => Array.from(plainWriting(name).slice(0, MAX_NAME));

/** The team whose name is nearly this one; undefined when none or several are as near. */
export function nearestTeam(name: string, known: readonly KnownTeam[]): KnownTeam | undefined {
  const wanted = lettersOf(name);
  const near = known
    .map((team) => ({ team, apart: distance(wanted, lettersOf(team.name)) }))
    .filter(({ apart }) => apart <= LETTERS_APART && apart < wanted.length / 2)
    .toSorted((a, b) => a.apart - b.apart);
  const [first, second] = near;
  return first !== undefined && first.apart !== second?.apart ? first.team : undefined;
}

const SPOKEN = /^(?:use:([^:]+)|create:(\w+)|(leave_out))$/;

/** `use:team_1`, `create:high_school`, `leave_out`; undefined for anything else. */
export function parseTeamAnswer(text: string): TeamAnswer | undefined {
  const [, teamId, division, leaveOut] = SPOKEN.exec(text) ?? [];
  const { data } = teamAnswerSchema.safeParse(
    leaveOut === undefined
      ? division === undefined
        ? { answer: 'use', teamId }
        : { answer: 'create', division }
      : { answer: leaveOut },
  );
  return data?.answer === 'use' && !isId(data.teamId) ? undefined : data;
}

export function writeTeamAnswer(one: TeamAnswer): string {
  if (one.answer === 'use') return `use:${one.teamId}`;
  return one.answer === 'create' ? `create:${one.division}` : one.answer;
}

const ANSWERED = /^(\d{1,6}|\*):(.+)$/;

/** `5:use:team_1,22:create:high_school,*:leave_out`; undefined for anything else. */
export function parseTeamAnswers(text: string): TeamAnswers | undefined {
  const answers: Record<string, TeamAnswer> = {};
  for (const part of text.split(',')) {
    const [, line, spoken = ''] = ANSWERED.exec(part) ?? [];
    const answer = parseTeamAnswer(spoken);
    if (line === undefined || answer === undefined) return undefined;
    answers[line] = answer;
  }
  return answers;
}

export const writeTeamAnswers = (answers: TeamAnswers): string =>
  Object.entries(answers)
    .map(([line, one]) => `${line}:${writeTeamAnswer(one)}`)
    .join(',');
