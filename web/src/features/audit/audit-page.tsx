import type { AuditItem } from '#shared/audit/contract.ts';
import { counted, moment, plainDay, dayIn } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { saveFile } from '#web/shared/api/save-file.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { DayField, SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Download, X } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { auditQuery, downloadAudit, type AuditFilters } from './audit-api.ts';
import { AuditEntry } from './audit-entry.tsx';
import { ACTION_OPTIONS, daysOf } from './audit-labels.ts';

/** For admins only: who did what, when, and for whom. */
export default function AuditPage() {
  usePageTitle('Audit log');
  return seesAllCoaches(useMe()) ? <Audit /> : <AdminsOnly page="Audit log" what="the audit log" />;
}

/** By their names in the address. */
const NONE = {
  actor: null,
  action: null,
  subject: null,
  for: null,
  since: null,
  until: null,
  from: null,
  to: null,
} as const;

function Audit() {
  const api = useApi();
  const [params, setFilters] = useUrlFilters();
  const filters: AuditFilters = {
    actor: params.get('actor'),
    action: params.get('action'),
    subject: params.get('subject'),
    actingAs: params.get('for'),
    since: params.get('since'),
    until: params.get('until'),
    from: params.get('from'),
    to: params.get('to'),
  };
  const filtered = Object.values(filters).some((value) => value !== null);
  const list = useInfiniteQuery(auditQuery(api, filters));
  const items = list.data?.pages.flatMap((page) => page.items);
  // A page may hold nothing that matches and still have a next one.
  const nothingYet = list.data?.pages.at(-1)?.items.length === 0 && list.hasNextPage && !list.isFetching;
  const goOn = useEffectEvent(() => void list.fetchNextPage());
  useEffect(() => {
    if (nothingYet) goOn();
  }, [nothingYet]);
  const download = useMutation({
    mutationFn: () => downloadAudit(api, filters),
    onSuccess: (file) => {
      saveFile(file, 'audit.csv');
      void list.refetch();
    },
  });
  const clear = () => setFilters(NONE);
  const searching = list.isPending || (items?.length === 0 && list.hasNextPage);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Audit log</h1>
          <p className="sub">
            Who changed what, when, and for whom, and who opened a record. Nobody can edit it, admins
            included.
          </p>
        </div>
        <div className="tools">
          <Button
            aria-disabled={download.isPending || undefined}
            onClick={() => {
              if (!download.isPending) download.mutate();
            }}
          >
            <Download size={14} aria-hidden /> {download.isPending ? 'Preparing' : 'CSV'}
          </Button>
        </div>
      </div>
      {download.isError && (
        <Note tone="error" title="No file was made" said="at once">
          {messageOf(download.error)}
        </Note>
      )}
      <Panel label="Entries" busy={searching}>
        <div className="panel-head pb-3.5">
          <h2>{filters.action === 'read' ? 'Who opened a record' : 'Entries'}</h2>
          <output className="as-of">
            {searching || items === undefined
              ? ''
              : `${counted(items.length, 'entry', 'entries')}${list.hasNextPage ? ' so far' : ''}, newest first`}
          </output>
          <div className="end">
            <WhoField
              items={items ?? []}
              chosen={filters.actor}
              onChoose={(actor) => setFilters({ actor })}
            />
            <SelectField
              label="What"
              value={filters.action ?? ''}
              onChange={(action) => setFilters({ action })}
              options={optionsWith(filters.action)}
            />
            <DayField label="From" value={filters.from} onChange={(from) => setFilters({ from })} />
            <DayField label="To" value={filters.to} onChange={(to) => setFilters({ to })} />
            {(filters.actingAs !== null || filters.since !== null || filters.until !== null) && (
              <Button small onClick={() => setFilters({ for: null, since: null, until: null })}>
                <Meanwhile items={items ?? []} filters={filters} />
                <X size={14} aria-hidden />
                <span className="sr-only">, clear this filter</span>
              </Button>
            )}
            {filters.subject !== null && (
              <Button small onClick={() => setFilters({ subject: null })}>
                About <bdi>{nameOf(items ?? [], filters.subject)}</bdi>
                <X size={14} aria-hidden />
                <span className="sr-only">, clear this filter</span>
              </Button>
            )}
            {filtered && <Button onClick={clear}>Clear</Button>}
          </div>
        </div>
        {list.isError && (
          <div className="px-5 pb-4">
            <LoadFailure
              what="The audit log"
              safe="Nothing of it is lost."
              error={list.error}
              retrying={list.isFetching}
              onRetry={() => void list.refetch()}
            />
          </div>
        )}
        {searching && !list.isError && <SkeletonRows label="the audit log" rows={6} />}
        {!searching && items?.length === 0 && (
          <Empty
            kind={filtered ? 'filtered' : 'never'}
            title={filtered ? 'No entries match' : 'No entries yet'}
            action={filtered && <Button onClick={clear}>Clear filters</Button>}
          >
            {filtered
              ? 'Nothing was done in these days by this person to this. Choose other days, or clear the filters.'
              : 'Everything that someone changes, and every record that someone opens, is kept here.'}
          </Empty>
        )}
        <Days items={items ?? []} onOnly={setFilters} />
        {items !== undefined && items.length > 0 && (
          <div className="panel-foot">
            <span>Contact data is never copied into this log, only that it changed.</span>
            {list.hasNextPage && (
              <Button
                small
                className="end"
                aria-disabled={list.isFetchingNextPage || undefined}
                onClick={() => {
                  if (!list.isFetchingNextPage) void list.fetchNextPage();
                }}
              >
                {list.isFetchingNextPage ? 'Loading' : 'Older entries'}
              </Button>
            )}
          </div>
        )}
      </Panel>
    </>
  );
}

interface DaysProps {
  readonly items: readonly AuditItem[];
  readonly onOnly: (filters: { readonly actor?: string; readonly subject?: string }) => void;
}

function Days({ items, onOnly }: DaysProps) {
  const { timeZone } = useConfig();
  const today = dayIn(timeZone, useNow());
  return daysOf(items, timeZone).map(({ day, items: some }) => (
    <section key={day} aria-label={plainDay(day, today)}>
      <h3 className="border-t border-line px-4 pt-3 pb-2 text-12 font-medium text-muted sm:px-5">
        {day === today ? `Today, ${plainDay(day, today)}` : plainDay(day, today)}
      </h3>
      <ol>
        {some.map((item) => (
          <AuditEntry key={`${item.at} ${item.id}`} item={item} onOnly={onOnly} />
        ))}
      </ol>
    </section>
  ));
}

/** `For Morgan Reyes, 3:04 PM to 3:34 PM`. */
function Meanwhile({ items, filters }: { items: readonly AuditItem[]; filters: AuditFilters }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { actingAs, since, until } = filters;
  const name = items.find((item) => item.actingAs?.id === actingAs)?.actingAs?.name ?? 'a coach';
  const at = (iso: string) => moment(iso, timeZone, now);
  return (
    <span>
      {actingAs !== null && (
        <>
          For <bdi>{name}</bdi>
        </>
      )}
      {since !== null && ` from ${at(since)}`}
      {until !== null && ` to ${at(until)}`}
    </span>
  );
}

const nameOf = (items: readonly AuditItem[], subject: string): string =>
  items.find((item) => item.subject.id === subject)?.subject.name ?? subject;

const optionsWith = (action: string | null) =>
  action === null || ACTION_OPTIONS.some(({ value }) => value === action)
    ? ACTION_OPTIONS
    : [...ACTION_OPTIONS, { value: action, text: action }];

interface WhoFieldProps {
  readonly items: readonly AuditItem[];
  readonly chosen: string | null;
  readonly onChoose: (actor: string) => void;
}

/** Whoever is in the entries that are loaded: there is no list of everyone who may sign in. */
function WhoField({ items, chosen, onChoose }: WhoFieldProps) {
  const names = new Map(items.map(({ actor }) => [actor.id, actor.name ?? actor.id]));
  if (chosen !== null && !names.has(chosen)) names.set(chosen, 'One person');
  return (
    <SelectField
      label="Who"
      value={chosen ?? ''}
      onChange={onChoose}
      options={[
        { value: '', text: 'Anyone' },
        ...[...names]
          .map(([value, text]) => ({ value, text }))
          .toSorted((a, b) => a.text.localeCompare(b.text)),
      ]}
    />
  );
}
