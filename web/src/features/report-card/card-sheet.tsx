import type { CardFigures, ReportCard } from '#shared/report-card/contract.ts';
import { count, counted, decimal, divisionName, moment, shortDay } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { Mark } from '#web/shared/ui/page.tsx';
import { Empty, Panel, useBlockName } from '#web/shared/ui/panel.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { DataTable, ScrollRegion } from '#web/shared/ui/table.tsx';
import type { ReactNode } from 'react';
import { Cumulative, FEWEST_CORNERS, HeatMap, Radar, RankTrend } from './card-charts.tsx';
import { CardSolves } from './card-solves.tsx';
import { findingOf, groupName, stateNote } from './report-card-labels.ts';

interface SheetProps {
  readonly card: ReportCard;
  /** Above the figures: the page's own heading, or the name on a sheet of several. */
  readonly head: ReactNode;
  /** On screen only: the list of solves with its filters. */
  readonly withSolves?: boolean;
}

/** Times and days as the card writes them. */
function useWriting() {
  const { timeZone } = useConfig();
  const now = useNow();
  return {
    now,
    timeZone,
    moment: (iso: string) => moment(iso, timeZone, now),
    day: (day: string) => shortDay(`${day}T12:00:00Z`, 'UTC', now),
  };
}
type Writing = ReturnType<typeof useWriting>;

/** One report card: a page of the site, and one sheet of paper. */
export function CardSheet({ card, head, withSolves = false }: SheetProps) {
  const writing = useWriting();
  const { competitor, figures, period } = card;
  const note = stateNote(card, writing.moment);
  const me = useMe();
  return (
    <article
      className="card-sheet"
      aria-label={`Report card of ${competitor.firstName} ${competitor.lastName}`}
    >
      <div className="paper-head" aria-hidden>
        <span>
          <Mark /> Coach Dashboard
        </span>
        <span>
          Report card, {writing.day(period.from)} to {writing.day(period.to)}. Printed{' '}
          {shortDay(writing.now.toISOString(), writing.timeZone, writing.now)} by <bdi>{me.name}</bdi>.
        </span>
      </div>
      {head}
      {note !== null && figures !== null && (
        <Note tone={note.tone} title={note.title}>
          {note.text}
        </Note>
      )}
      {figures === null ? (
        <Panel label="Report card">
          <Empty
            kind="never"
            heading="h2"
            title={note?.title ?? 'Nothing to show yet'}
            action={
              <ButtonLink look="primary" to={`/competitors/${encodeURIComponent(competitor.id)}`}>
                Open {competitor.firstName}
              </ButtonLink>
            }
          >
            {note?.text ?? 'The card fills in the next time scores are read.'}
          </Empty>
        </Panel>
      ) : (
        <Blocks card={card} figures={figures} writing={writing} withSolves={withSolves} />
      )}
      <footer className="page-foot">
        <span>
          {card.asOf === null ? 'Scores not read yet.' : `Scores as of ${writing.moment(card.asOf)}.`} Days
          are in the time zone {writing.timeZone.replaceAll('_', ' ')}. Averages are of your registered
          competitors and shown for five or more people.
        </span>
        <span>This is student data. Share it only with the student and their guardian.</span>
      </footer>
    </article>
  );
}

/** Who it is about, under the name. */
export function cardSubline({ competitor: { team, grade, division, username } }: ReportCard): string {
  const parts = [
    team?.name ?? 'No team',
    ...(grade === null ? [] : [`grade ${grade}`]),
    ...(division === null ? [] : [divisionName(division)]),
    ...(username === null ? [] : [`on the platform as ${username}`]),
  ];
  return `${parts.join(', ')}.`;
}

interface BlocksProps {
  readonly card: ReportCard;
  readonly figures: CardFigures;
  readonly writing: Writing;
  readonly withSolves: boolean;
}

function Blocks({ card, figures, writing, withSolves }: BlocksProps) {
  const { firstName } = card.competitor;
  return (
    <>
      <Findings figures={figures} firstName={firstName} writing={writing} />
      <Totals figures={figures} writing={writing} />
      <div className="card-row strengths">
        <Strengths figures={figures} asOf={card.asOf} />
        <PointsOverTime figures={figures} asOf={card.asOf} firstName={firstName} writing={writing} />
      </div>
      <div className="card-row days">
        <Days figures={figures} asOf={card.asOf} writing={writing} />
        <FlashCtfs figures={figures} asOf={card.flashAsOf} writing={writing} />
      </div>
      <div className="card-row roles">
        <WorkRoles figures={figures} asOf={card.asOf} />
        <Compared figures={figures} asOf={card.asOf} firstName={firstName} />
      </div>
      {withSolves && <CardSolves figures={figures} asOf={card.asOf} moment={writing.moment} />}
    </>
  );
}

interface BlockProps {
  readonly figures: CardFigures;
  readonly asOf: string | null;
  readonly writing: Writing;
}

function Findings({ figures, firstName, writing }: Omit<BlockProps, 'asOf'> & { firstName: string }) {
  const label = useBlockName('What stands out');
  if (figures.insights.length === 0) return null;
  return (
    <section aria-label={label}>
      <ul className="findings">
        {figures.insights.map((insight) => {
          const { text, because } = findingOf(insight, { firstName, ...writing });
          return (
            <li key={insight.code}>
              <b>{text}</b> <span>{because}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Totals({ figures: { totals, allTime }, writing }: Omit<BlockProps, 'asOf'>) {
  const { previous } = totals;
  const by = totals.challenges - (previous?.challenges ?? 0);
  const cells = [
    {
      name: 'Challenges',
      value: count(totals.challenges),
      small: `ODL ${count(totals.odl)}, CTF ${count(totals.ctf)}`,
    },
    {
      name: 'Points',
      value: count(totals.points),
      small: previous === null ? 'no account before' : `${count(previous.points)} in the period before`,
    },
    {
      name: 'Change',
      value: previous === null ? '–' : `${by > 0 ? '+' : by < 0 ? '−' : ''}${count(Math.abs(by))}`,
      small:
        previous === null ? 'nothing to compare' : `challenges vs the ${counted(totals.days, 'day')} before`,
    },
    {
      name: 'Active days',
      value: count(totals.activeDays),
      small: `of ${count(totals.days)}, longest run ${counted(totals.longestStreak, 'day')}`,
    },
    {
      name: 'Best Flash CTF rank',
      value: totals.bestRank === null ? '–' : count(totals.bestRank.rank),
      small:
        totals.bestRank === null
          ? 'no rank in this period'
          : `${totals.bestRank.eventName}, ${writing.day(totals.bestRank.day)}`,
    },
  ];
  return (
    <Panel label="Totals">
      <dl className="card-totals">
        {cells.map(({ name, value, small }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figure">{value}</dd>
            <dd className="small">{small}</dd>
          </div>
        ))}
      </dl>
      <p className="panel-foot">
        All time: {counted(allTime.challenges, 'challenge')}, {counted(allTime.points, 'point')}.{' '}
        {allTime.checkedAt === null
          ? 'Not yet checked against the platform’s totals.'
          : allTime.differs
            ? `The platform’s ODL totals of ${writing.moment(allTime.checkedAt)} differ; we are looking into it.`
            : `Checked against the platform’s ODL totals ${writing.moment(allTime.checkedAt)}, no difference.`}
      </p>
    </Panel>
  );
}

function Strengths({ figures: { categories, solvesComplete }, asOf }: Omit<BlockProps, 'writing'>) {
  const solved = categories.some(({ points }) => points > 0);
  const most = Math.max(1, ...categories.map(({ points }) => points));
  return (
    <Panel label="Strengths by category">
      <div className="panel-head">
        <h2>Strengths by category</h2>
        <span className="as-of">points{solvesComplete ? '' : ', not of all solves'}</span>
      </div>
      <div className="panel-body plot-place">
        {!solved ? (
          <p className="text-13 text-text-2">No points in this period yet.</p>
        ) : categories.length >= FEWEST_CORNERS ? (
          <Radar categories={categories} />
        ) : (
          <ul className="bars">
            {categories.map(({ category, points }) => (
              <BarLine
                key={category}
                name={category}
                share={points / most}
                text={count(points)}
                color="var(--s1)"
              />
            ))}
          </ul>
        )}
      </div>
      <div className="panel-foot">
        <DataTable
          asOf={asOf}
          caption="Points and challenges by category"
          columns={['Category', 'Challenges', 'Points']}
          rows={categories.map(({ category, challenges, points }) => ({
            key: category,
            cells: [category, count(challenges), count(points)],
          }))}
        />
      </div>
    </Panel>
  );
}

function PointsOverTime({ figures, asOf, firstName, writing }: BlockProps & { firstName: string }) {
  const { cumulative, comparison, flash } = figures;
  const groups = comparison.filter((group) => group.cumulative !== null);
  return (
    <Panel label="Points over time">
      <div className="panel-head">
        <h2>Points over time</h2>
        <span className="as-of">running total; dotted vertical lines are Flash CTFs</span>
      </div>
      <div className="panel-body plot-place">
        <Cumulative name={firstName} days={cumulative} groups={groups} flash={flash} dayLabel={writing.day} />
      </div>
      <div className="panel-foot">
        <DataTable
          asOf={asOf}
          caption="Running total of points by day"
          columns={['Day', firstName, ...groups.map(groupName)]}
          rows={cumulative
            .map(({ day, points }, index) => ({
              key: day,
              cells: [
                writing.day(day),
                count(points),
                ...groups.map((group) => count(Math.round(group.cumulative?.[index] ?? 0))),
              ],
            }))
            .toReversed()}
        />
      </div>
    </Panel>
  );
}

function Days({ figures: { heat }, asOf, writing }: BlockProps) {
  const active = heat.filter(({ odl, ctf }) => odl + ctf > 0);
  const hatched = heat.some(({ beforeAccount }) => beforeAccount);
  return (
    <Panel label="90 days">
      <div className="panel-head">
        <h2>90 days</h2>
        <span className="as-of">
          solves on {counted(active.length, 'day')}
          {hatched && '; hatched: no account yet'}
        </span>
      </div>
      <div className="panel-body plot-place">
        <HeatMap heat={heat} dayLabel={writing.day} />
      </div>
      <div className="panel-foot">
        <span className="key" aria-hidden>
          <span>
            0
            {[0, 1, 2, 3, 4].map((level) => (
              <i key={level} className="swatch" style={{ background: `var(--h${level})` }} />
            ))}
            8 or more a day
          </span>
          <span>
            <i className="swatch" style={{ border: '2px solid var(--s2)' }} /> Flash CTF
          </span>
        </span>
        <DataTable
          asOf={asOf}
          caption="Solves by day, newest first; days without one are left out"
          columns={['Day', 'ODL', 'CTF']}
          rows={active
            .map(({ day, odl, ctf }) => ({ key: day, cells: [writing.day(day), odl, ctf] }))
            .toReversed()}
        />
      </div>
    </Panel>
  );
}

const FLASH_CSV: readonly CsvColumn<CardFigures['flash'][number]>[] = [
  { name: 'Event', of: ({ name }) => name },
  { name: 'Day', of: ({ day }) => day },
  { name: 'Rank', of: ({ rank }) => rank },
  { name: 'Solved', of: ({ solved }) => solved },
  { name: 'Points', of: ({ points }) => points },
  { name: 'Points possible', of: ({ maxPoints }) => maxPoints },
];

function FlashCtfs({ figures: { flash }, asOf, writing }: BlockProps) {
  return (
    <Panel label="Flash CTFs">
      <div className="panel-head">
        <h2>Flash CTFs</h2>
        <span className="as-of">
          {asOf === null ? 'not read yet' : `as of ${writing.moment(asOf)}; the latest ones, for any period`}
        </span>
        {flash.length > 0 && (
          <div className="end screen-only">
            <CsvButton
              caption="Flash CTF results"
              columns={FLASH_CSV}
              rows={flash.toReversed()}
              asOf={asOf}
            />
          </div>
        )}
      </div>
      {flash.length === 0 ? (
        <Empty kind="never" title="No Flash CTF yet">
          An event shows up here once one of its challenges is solved.
        </Empty>
      ) : (
        <>
          <div className="panel-body flex-none pb-2">
            <RankTrend flash={flash} dayLabel={writing.day} />
          </div>
          <ScrollRegion label="Flash CTF results">
            <table className="table tight card-table">
              <caption className="sr-only">Flash CTF results, newest first</caption>
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col" className="num">
                    Rank
                  </th>
                  <th scope="col" className="num">
                    Solved
                  </th>
                  <th scope="col" className="num">
                    Points
                  </th>
                </tr>
              </thead>
              <tbody>
                {flash.toReversed().map((event) => (
                  <tr key={event.eventId}>
                    <th scope="row">
                      {event.name} <span className="text-muted">{writing.day(event.day)}</span>
                    </th>
                    <td className="num">{event.rank === null ? 'not told' : count(event.rank)}</td>
                    <td className="num">{count(event.solved)}</td>
                    <td className="num whitespace-nowrap">
                      {count(event.points)}
                      {event.maxPoints !== null && (
                        <span className="text-muted"> of {count(event.maxPoints)}</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      )}
    </Panel>
  );
}

const ROLES_SHOWN = 7;

const challengesOf = ({ named, byCategory }: CardFigures['workRoles'][number]) => named + byCategory;

function WorkRoles({ figures: { workRoles, knownRoles }, asOf }: Omit<BlockProps, 'writing'>) {
  const most = Math.max(1, ...workRoles.map(challengesOf));
  const known = workRoles.filter(({ id }) => id !== null).length;
  return (
    <Panel label="NICE work roles">
      <div className="panel-head">
        <h2>NICE work roles</h2>
        <span className="as-of">
          security jobs that the challenges prepare for; {known} of {knownRoles} touched
        </span>
      </div>
      {workRoles.length === 0 ? (
        <Empty kind="never" title="No role yet">
          Each solved challenge counts for the jobs that use the same skill.
        </Empty>
      ) : (
        <>
          <ul className="panel-body role-list">
            {workRoles.slice(0, ROLES_SHOWN).map((role) => (
              <li key={role.id ?? role.name}>
                <span>
                  {role.name} <span className="mono text-muted">{role.id}</span>
                  {role.meaning !== null && <span className="meaning">{role.meaning}</span>}
                </span>
                <i className="track" aria-hidden>
                  <i style={{ width: `${(challengesOf(role) / most) * 100}%` }} />
                </i>
                <b>
                  {count(challengesOf(role))}
                  <span className="sr-only"> {challengesOf(role) === 1 ? 'challenge' : 'challenges'}</span>
                </b>
              </li>
            ))}
          </ul>
          <div className="panel-foot">
            <span>
              Based on the roles the platform lists for a challenge, or else on those of its category.
            </span>
            <DataTable
              asOf={asOf}
              caption="Challenges by NICE work role"
              columns={['Role', 'Id', 'Area', 'Named by the platform', 'By category', 'Points']}
              rows={workRoles.map((role) => ({
                key: role.id ?? role.name,
                cells: [
                  role.name,
                  role.id ?? 'not a NICE role',
                  role.area ?? '–',
                  count(role.named),
                  count(role.byCategory),
                  count(role.points),
                ],
              }))}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

const METRICS = [
  { id: 'points', text: 'Points' },
  { id: 'challenges', text: 'Challenges' },
  { id: 'ctf', text: 'CTF challenges' },
  { id: 'activeDays', text: 'Active days' },
] as const;

const figure = (value: number): string => (value >= 100 ? count(Math.round(value)) : decimal(value));

function Compared({ figures, asOf, firstName }: Omit<BlockProps, 'writing'> & { firstName: string }) {
  const { totals, comparison } = figures;
  const told = comparison.flatMap((group) =>
    group.averages === null ? [] : [{ ...group, averages: group.averages }],
  );
  const hidden = comparison.filter(({ averages }) => averages === null);
  const late = told.reduce((sum, group) => sum + group.late, 0);
  const people = [
    { name: firstName, color: 'var(--s1)', values: totals },
    ...told.map((group) => ({
      name: group.kind === 'team' ? 'Team' : 'Division',
      color: group.kind === 'team' ? 'var(--s2)' : 'var(--s-base)',
      values: group.averages,
    })),
  ];
  return (
    <Panel label="Compared">
      <div className="panel-head">
        <h2>Compared</h2>
        <span className="as-of">averages of the period{late > 0 && ', partial'}</span>
      </div>
      <div className="panel-body compared">
        {METRICS.map(({ id, text }) => {
          const most = Math.max(1, ...people.map(({ values }) => values[id]));
          return (
            <div key={id}>
              <h3>{text}</h3>
              <ul className="bars">
                {people.map(({ name, color, values }) => (
                  <BarLine
                    key={name}
                    name={name}
                    share={values[id] / most}
                    text={figure(values[id])}
                    color={color}
                  />
                ))}
              </ul>
            </div>
          );
        })}
      </div>
      <div className="panel-foot">
        {hidden.map(({ kind, people: size }) => (
          <span key={kind}>
            No {kind} average: it has {counted(size, 'registered competitor')}, fewer than five.
          </span>
        ))}
        {late > 0 && <span>{counted(late, 'person', 'people')} of the groups not read in time.</span>}
        <DataTable
          asOf={asOf}
          caption="Compared with team and division"
          columns={['Figure', ...people.map(({ name }) => name)]}
          rows={METRICS.map(({ id, text }) => ({
            key: id,
            cells: [text, ...people.map(({ values }) => figure(values[id]))],
          }))}
        />
      </div>
    </Panel>
  );
}

const BarLine = ({
  name,
  share,
  text,
  color,
}: {
  name: string;
  share: number;
  text: string;
  color: string;
}) => (
  <li>
    <span>{name}</span>
    <i aria-hidden>
      <i style={{ width: `${share * 100}%`, background: color }} />
    </i>
    <b>{text}</b>
  </li>
);
