import { BY_EMAIL_LINK, BY_OPERATOR } from './actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { addDays, dayOf } from '#shared/kernel/days.ts';
import { csvFile, type CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { columnInZone, spreadsheetTime } from '#shared/kernel/format.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { AuditRepository } from './audit-repository.ts';
import { READ_ACTIONS, type AuditFilter, type AuditItem } from './contract.ts';
import type { AuditKeepDays } from './keep-days.ts';

type Names = ReadonlyMap<string, string>;

export interface ListAuditDeps {
  readonly page: AuditRepository['page'];
  /** How many days entries are kept at most. */
  readonly keptDays: () => Promise<Pick<AuditKeepDays, 'audit' | 'readLog'>>;
  /** Names that ids have now; what has none is left out. Looked up here only, so that none is ever kept in an entry. */
  readonly namesOf: {
    readonly people: (subs: readonly string[]) => Promise<Names>;
    /** Of competitors, teams and coaches, whichever an id belongs to. */
    readonly subjects: (ids: readonly string[]) => Promise<Names>;
  };
  readonly timeZone: string;
  readonly now: Clock;
}

/** Whether an entry is one of an action, or of a group of actions. */
function ofAction(action: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'read' || wanted === 'change') return READ_ACTIONS.includes(action) === (wanted === 'read');
  return action === wanted || action.startsWith(`${wanted}.`);
}

/** Ids that the details of an entry may hold. */
const ID = /^[a-z]+[_-][\w-]+$/i;
const idsIn = ({ details }: AuditEntry): string[] =>
  Object.values(details)
    .flat()
    .filter((value) => typeof value === 'string' && ID.test(value))
    .map(String);

const lastOf = (first: string, ...others: readonly (string | undefined)[]): string =>
  others.reduce<string>((last, day) => (day !== undefined && day > last ? day : last), first);
const firstOf = (last: string, ...others: readonly (string | undefined)[]): string =>
  others.reduce<string>((first, day) => (day !== undefined && day < first ? day : first), last);

function createPage(deps: ListAuditDeps) {
  return async (filter: AuditFilter, limit: number, before: string | null) => {
    const { actor, action, subject, actingAs, since, until } = filter;
    const today = dayOf(deps.now().toISOString(), deps.timeZone);
    const { audit, readLog } = await deps.keptDays();
    const oldest = addDays(today, -Math.max(audit, readLog));
    const dayIn = (iso: string | undefined) => (iso === undefined ? undefined : dayOf(iso, deps.timeZone));
    const from = lastOf(oldest, filter.from, dayIn(since));
    const to = firstOf(today, filter.to, dayIn(until));
    // Days that are over the limit of what is kept, or the wrong way round.
    if (from > to) return { items: [], next: null };
    return deps.page({
      actor,
      subject,
      // A day of the program's zone touches two of UTC's.
      from: addDays(from, -1),
      to: addDays(to, 1),
      limit,
      before,
      matches: (entry) => {
        const day = dayOf(entry.at, deps.timeZone);
        return (
          day >= from &&
          day <= to &&
          ofAction(entry.action, action) &&
          (actor === undefined || entry.actor === actor) &&
          (actingAs === undefined || entry.actingAs === actingAs) &&
          (since === undefined || Date.parse(entry.at) >= Date.parse(since)) &&
          (until === undefined || Date.parse(entry.at) <= Date.parse(until))
        );
      },
    });
  };
}

/** Actors without a sign-in. */
const NOBODYS_SIGN_IN: Readonly<Record<string, string>> = {
  [BY_EMAIL_LINK]: 'The link in an email',
  [BY_OPERATOR]: 'An operator',
};

async function withNames(deps: ListAuditDeps, entries: readonly AuditEntry[]): Promise<AuditItem[]> {
  const subjects = new Set(
    entries.flatMap((entry) => [
      entry.subject,
      ...(entry.actingAs === null ? [] : [entry.actingAs]),
      ...(entry.coachId === null ? [] : [entry.coachId]),
      ...idsIn(entry),
    ]),
  );
  const [people, names] = await Promise.all([
    deps.namesOf.people([...new Set(entries.map(({ actor }) => actor))]),
    deps.namesOf.subjects([...subjects].filter((id) => ID.test(id))),
  ]);
  return entries.map(({ actor, actingAs, subject, ...entry }) => ({
    ...entry,
    actor: {
      id: actor,
      name: people.get(actor) ?? NOBODYS_SIGN_IN[actor] ?? null,
    },
    actingAs: actingAs === null ? null : { id: actingAs, name: names.get(actingAs) ?? null },
    subject: { id: subject, name: names.get(subject) ?? null },
    names: Object.fromEntries(
      [...idsIn({ ...entry, actor, actingAs, subject }), entry.coachId ?? ''].flatMap((id) => {
        const name = names.get(id);
        return name === undefined ? [] : [[id, name]];
      }),
    ),
  }));
}

/** A page of the audit log with the names that ids have now. */
export function createListAudit(deps: ListAuditDeps) {
  const pageOf = createPage(deps);
  return async (filter: AuditFilter, limit: number, before: string | null) => {
    const { items, next } = await pageOf(filter, limit, before);
    return { items: await withNames(deps, items), next };
  };
}

const MOST_LINES = 5_000;
const PAGE = 200;
/** A file that goes back over years of nothing is not waited for. */
const MOST_PAGES = 100;

const texts = (value: AuditEntry['details'][string] | undefined): string =>
  value === undefined ? '' : [value].flat().join('; ');

/** What an entry says beside who, when and about what. */
const otherDetails = ({ details }: Pick<AuditEntry, 'details'>): string =>
  Object.entries(details)
    .filter(([name]) => !['fields', 'paths', 'before', 'after', 'reason'].includes(name))
    .map(([name, value]) => `${name}: ${texts(value)}`)
    .join('; ');

function lineOf(
  { at, actor, actingAs, action, subject, details, requestId }: AuditItem,
  zone: string,
): CsvValue[] {
  return [
    spreadsheetTime(at, zone),
    actor.name ?? actor.id,
    actingAs === null ? null : (actingAs.name ?? actingAs.id),
    action,
    subject.name,
    subject.id,
    texts(details['paths'] ?? details['fields']),
    texts(details['before']),
    texts(details['after']),
    texts(details['reason']),
    otherDetails({ details }),
    requestId,
  ];
}

/** @throws DomainError too_large */
export function createExportAudit(deps: ListAuditDeps) {
  const pageOf = createPage(deps);
  return async (filter: AuditFilter): Promise<{ readonly csv: string; readonly lines: number }> => {
    const entries: AuditEntry[] = [];
    let before: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const found: Awaited<ReturnType<typeof pageOf>> = await pageOf(filter, PAGE, before);
      entries.push(...found.items);
      if (entries.length > MOST_LINES || (found.next !== null && page === MOST_PAGES - 1)) {
        const detail = 'These are too many entries for one file. Choose fewer days, or one person.';
        throw new DomainError('too_large', 'EXPORT_TOO_LARGE', detail);
      }
      before = found.next;
      if (before === null) break;
    }
    const items: AuditItem[] = [];
    for (let from = 0; from < entries.length; from += PAGE)
      items.push(...(await withNames(deps, entries.slice(from, from + PAGE))));
    const header = [
      columnInZone('When', deps.timeZone),
      'Who',
      'Acting as',
      'Action',
      'About',
      'Id',
      'Changed',
      'Old',
      'New',
      'Reason',
      'Details',
      'Request',
    ];
    const csv = csvFile(
      header,
      items.map((item) => lineOf(item, deps.timeZone)),
    );
    return { csv, lines: items.length };
  };
}
