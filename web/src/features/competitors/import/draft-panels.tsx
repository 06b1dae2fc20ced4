import { DIVISIONS } from '#shared/competitors/contract.ts';
import {
  nearestTeam,
  parseTeamAnswer,
  writeTeamAnswer,
  type KnownTeam,
  type TeamAnswer,
  type UnknownTeam,
} from '#shared/competitors/import/import-teams.ts';
import { SEPARATORS } from '#shared/kernel/csv/read-csv.ts';
import { TEXT_ENCODINGS } from '#shared/kernel/csv/decode-text.ts';
import { counted, divisionName } from '#shared/kernel/format.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { SelectInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { Check, ChevronDown, Minus, Pencil, X } from 'lucide-react';
import {
  answerOf,
  COLUMN_OPTIONS,
  columnField,
  type Draft,
  type DraftColumn,
  type DraftFile,
  MOST_ASKED,
} from './import-draft.ts';
import { ENCODING_NAMES, SEPARATOR_LABELS } from './import-labels.ts';

interface DraftProps {
  readonly draft: Draft;
  readonly file: DraftFile;
  readonly onChange: (draft: Draft) => void;
}

const FIRST_LINES = 3;

/** How the file is read: each answer was found out and can be corrected; the sample shows whether it is right. */
export function Reading({ draft, file, onChange }: DraftProps) {
  const tell = (told: Draft['told']) =>
    onChange({ ...draft, told: { ...draft.told, ...told }, columns: null, teams: {} });
  const width = Math.min(file.header.length, 8);
  return (
    <>
      <div className="grid w-full gap-4 sm:grid-cols-3">
        <SelectInput
          label="Text encoding"
          value={file.encoding}
          onChange={(value) => tell({ encoding: TEXT_ENCODINGS.find((one) => one === value) })}
          options={TEXT_ENCODINGS.map((value) => ({ value, text: ENCODING_NAMES[value] }))}
        />
        <SelectInput
          label="Columns split by"
          value={file.separator}
          onChange={(value) => tell({ separator: SEPARATORS.find((one) => one === value) })}
          options={SEPARATORS.map((value) => ({ value, text: SEPARATOR_LABELS[value] }))}
        />
        <SelectInput
          label="Column names are in"
          value={String(file.headerLine)}
          onChange={(value) => tell({ headerLine: Number(value) })}
          options={[...new Set([file.headerLine, ...Array.from({ length: 10 }, (_, index) => index + 1)])]
            .toSorted((a, b) => a - b)
            .map((line) => ({ value: String(line), text: `Line ${line}` }))}
        />
      </div>
      <ScrollRegion label="First lines of the file" className="w-full">
        <table className="table">
          <caption className="sr-only">The first lines of the file as they are read</caption>
          <thead>
            <tr>
              <th scope="col" className="num">
                {file.headerLine}
              </th>
              {file.header.slice(0, width).map((name, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- columns have no other name that is theirs alone
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {file.rows.slice(0, FIRST_LINES).map(({ line, cells }) => (
              <tr key={line}>
                <td className="num text-muted">{line}</td>
                {Array.from({ length: width }, (_, index) => (
                  <td key={index} className="max-w-[24ch] truncate">
                    {cells[index]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

const HOW = {
  matched: { tone: 'neutral', icon: Check, text: 'Matched' },
  chosen: { tone: 'accent', icon: Pencil, text: 'Chosen' },
  'left out': { tone: 'neutral', icon: Minus, text: 'Not imported' },
  twice: { tone: 'error', icon: X, text: 'Chosen twice' },
} as const satisfies Record<DraftColumn['how'], object>;

/** What each column becomes. */
export function Columns({ draft, file, onChange }: DraftProps) {
  const known = file.columns.filter(({ field }) => field !== null).length;
  const fields = file.columns.map(({ field }) => field);
  return (
    <Panel label="Columns">
      <div className="panel-head">
        <h2 className="!text-16">Columns</h2>
        <p className="as-of">
          {known} imported, {file.header.length - known} not imported
        </p>
      </div>
      <ScrollRegion label="Columns of the file">
        <table className="table">
          <caption className="sr-only">What each column of the file becomes</caption>
          <thead>
            <tr>
              <th scope="col">In your file</th>
              <th scope="col" className="wide-only">
                For example
              </th>
              <th scope="col">Becomes</th>
              <th scope="col" className="wide-only">
                How we know
              </th>
            </tr>
          </thead>
          <tbody>
            {file.columns.map(({ name, example, field, how }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- two columns may have one name
              <tr key={index}>
                <th scope="row" className="max-w-[30ch] max-sm:max-w-[16ch]">
                  <span className="grid min-w-0 py-2">
                    <span className="font-mono wrap-anywhere">
                      {name === '' ? `Column ${index + 1}` : name}
                    </span>
                    <span className="narrow-only text-12 wrap-anywhere text-muted">{example}</span>
                  </span>
                </th>
                <td className="wide-only max-w-[40ch] wrap-anywhere text-text-2">{example}</td>
                <td>
                  <span className="field my-1 min-w-[10.5rem]">
                    <select
                      aria-label={`${name === '' ? `Column ${index + 1}` : name} becomes`}
                      value={field ?? ''}
                      aria-invalid={how === 'twice' || undefined}
                      onChange={(event) =>
                        onChange({
                          ...draft,
                          columns: fields.with(index, columnField(event.target.value)),
                          teams: {},
                        })
                      }
                    >
                      {COLUMN_OPTIONS.map(({ value, text }) => (
                        <option key={value} value={value}>
                          {text}
                        </option>
                      ))}
                    </select>
                    <ChevronDown size={14} aria-hidden />
                  </span>
                </td>
                <td className="wide-only">
                  <Badge tone={HOW[how].tone} icon={HOW[how].icon}>
                    {HOW[how].text}
                  </Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {file.problems.length > 0 && (
        <div className="panel-body">
          <Note tone="error" title="Not yet" said="at once">
            <ul className="list-disc pl-5">
              {file.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Note>
        </div>
      )}
    </Panel>
  );
}

const REFUSED = 'refuse';

const spoken = (answer: TeamAnswer | typeof REFUSED): string =>
  answer === REFUSED ? REFUSED : writeTeamAnswer(answer);

const understood = (text: string): TeamAnswer | typeof REFUSED => parseTeamAnswer(text) ?? REFUSED;

const REFUSE = { value: REFUSED, text: 'Refuse the rows' };
const LEAVE_OUT = { value: writeTeamAnswer({ answer: 'leave_out' }), text: 'Import them without a team' };
const teamOption = ({ id, name }: KnownTeam) => ({
  value: writeTeamAnswer({ answer: 'use', teamId: id }),
  text: `Use ${name}`,
});
const createOptions = (what: string) =>
  DIVISIONS.map((division) => ({
    value: writeTeamAnswer({ answer: 'create', division }),
    text: `Create ${what} (${divisionName(division)})`,
  }));

const linesOf = (lines: readonly number[]): string => {
  const first = lines.slice(0, 3).join(', ');
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${first}${more}`;
};

interface UnknownTeamsProps extends Pick<DraftProps, 'draft' | 'onChange'> {
  readonly unknown: readonly UnknownTeam[];
  readonly known: readonly KnownTeam[];
}

/** Names of teams that no team has: each is another team's, a new team, or left out. */
export function UnknownTeams({ draft, unknown, known, onChange }: UnknownTeamsProps) {
  const answer = (line: number | string, text: string) =>
    onChange({ ...draft, teams: { ...draft.teams, [line]: understood(text) } });
  const rows = unknown.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <Panel label="Teams we do not know">
      <div className="panel-head">
        <h2 className="!text-16">Teams we do not know</h2>
        <p className="as-of">
          {counted(unknown.length, 'name')} in {counted(rows, 'row')}
        </p>
      </div>
      <div className="panel-body grid gap-4 sm:grid-cols-2">
        {unknown.slice(0, MOST_ASKED).map((one) => {
          const [line = 0] = one.lines;
          const near = nearestTeam(one.name, known);
          const others = known.filter(({ id }) => id !== near?.id);
          return (
            <SelectInput
              key={line}
              label={`“${one.name}”, ${linesOf(one.lines)}`}
              hint={
                near === undefined
                  ? 'None of your teams has a similar name.'
                  : `Did you mean ${near.name}? The names are nearly the same.`
              }
              value={spoken(answerOf(one, draft.teams, known))}
              onChange={(text) => answer(line, text)}
              options={[
                REFUSE,
                ...(near === undefined ? [] : [teamOption(near)]),
                ...createOptions(`“${one.name}”`),
                LEAVE_OUT,
                ...others.map(teamOption),
              ]}
            />
          );
        })}
        {unknown.length > MOST_ASKED && (
          <SelectInput
            label={`The ${unknown.length - MOST_ASKED} other names`}
            value={spoken(draft.teams['*'] ?? REFUSED)}
            onChange={(text) => answer('*', text)}
            options={[REFUSE, ...createOptions('them all'), LEAVE_OUT]}
          />
        )}
      </div>
    </Panel>
  );
}
