import { createHash } from 'node:crypto';
import { withoutGuard } from '#shared/kernel/csv/write-csv.ts';
import { foldForSearch } from '#shared/kernel/text.ts';
import type { ImportField } from '../competitor-csv.ts';
import { changedFields, futureDateErrors } from '../competitor-input.ts';
import type { Competitor } from '../competitor.ts';
import {
  competitorCreateSchema,
  competitorPatchSchema,
  type CompetitorCreate,
  type CompetitorPatch,
} from '../contract.ts';
import type { ImportTable } from './import-file.ts';

/** What an import would do with one row. */
export type ImportDecision = {
  /** From 1, in the order of the file; the header is no row. */
  readonly row: number;
  /** Line of the file. */
  readonly line: number;
} & (
  | { readonly outcome: 'new'; readonly input: CompetitorCreate }
  | {
      readonly outcome: 'changed';
      readonly competitorId: string;
      readonly patch: CompetitorPatch;
      readonly fields: readonly string[];
    }
  | { readonly outcome: 'unchanged'; readonly competitorId: string }
  /** `message` is for a person: it names fields and lines, never what the row says. */
  | { readonly outcome: 'refused'; readonly message: string; readonly competitorId?: string }
);

type Cells = Partial<Record<ImportField | 'id', string>>;

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'adult']);
const NO = new Set(['no', 'n', 'false', '0', 'minor']);
/** As spreadsheets in the United States write a day. */
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** A cell as the type that the API takes; what is not understood is passed on, so that the schema says what to do. */
function valueOf(field: ImportField, text: string): unknown {
  const word = text.toLowerCase();
  switch (field) {
    case 'adult':
      return YES.has(word) ? true : NO.has(word) ? false : text;
    case 'grade':
      return /^\d{1,2}$/.test(text) ? Number(text) : text;
    case 'division':
      return word.replaceAll(/[\s-]+/g, '_');
    case 'participationAgreementDate':
    case 'mediaReleaseDate': {
      const [, month = '', day = '', year = ''] = US_DATE.exec(text) ?? [];
      return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    }
    default:
      return text;
  }
}

const columnOf = (field: PropertyKey): string =>
  String(field).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const sentences = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string => issues.map(({ path, message }) => `${columnOf(path[0] ?? 'row')}: ${message}`).join(' ');

const nameOf = (person: { readonly firstName: string; readonly lastName: string }): string =>
  `${foldForSearch(person.lastName)}#${foldForSearch(person.firstName)}`;

/** Whom a coach has, by what a row may name them with. */
interface Known {
  readonly byId: ReadonlyMap<string, Competitor>;
  readonly byEmail: ReadonlyMap<string, readonly Competitor[]>;
  readonly byName: ReadonlyMap<string, readonly Competitor[]>;
}

type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly competitor: Competitor }
  | { readonly kind: 'refused'; readonly message: string };

/** By id, else by email address, else by name if the two addresses do not contradict each other. */
function match(known: Known, id: string | undefined, input: CompetitorCreate): Match {
  if (id !== undefined) {
    const competitor = known.byId.get(id);
    return competitor === undefined
      ? {
          kind: 'refused',
          message: 'id: Nobody of this coach has this id. Leave it empty to add somebody new.',
        }
      : { kind: 'one', competitor };
  }
  const email = input.email ?? null;
  const sameEmail = email === null ? [] : (known.byEmail.get(email) ?? []);
  const sameName = known.byName.get(nameOf(input)) ?? [];
  const candidates =
    sameEmail.length > 0 ? sameEmail : sameName.filter((one) => email === null || one.email === null);
  const [competitor, ...others] = candidates;
  if (competitor === undefined) return { kind: 'none' };
  if (others.length > 0) {
    const message = 'Several competitors fit this row. Name the one you mean in the column “id”.';
    return { kind: 'refused', message };
  }
  return { kind: 'one', competitor };
}

/** What a second row about the same person is found by. */
const marksOf = (input: CompetitorCreate, target: string | undefined): string[] => {
  if (target !== undefined) return [`id:${target}`];
  return input.email === null || input.email === undefined
    ? [`name:${nameOf(input)}`]
    : [`email:${input.email}`];
};

/**
 * What each row comes to, against a coach's competitors as they are now. Pure, and the same for the same input: an
 * apply decides again and compares. Empty cells leave what is there.
 *
 * @param today `YYYY-MM-DD` in the program's time zone
 */
export function decideImport(
  { rows, column }: ImportTable,
  competitors: readonly Competitor[],
  today: string,
): ImportDecision[] {
  const known: Known = {
    byId: new Map(competitors.map((one) => [one.id, one])),
    byEmail: Map.groupBy(
      competitors.filter((one) => one.email !== null),
      (one) => one.email ?? '',
    ),
    byName: Map.groupBy(competitors, nameOf),
  };
  const seen = new Map<string, number>();

  return rows.map(({ line, cells }, index): ImportDecision => {
    const at = { row: index + 1, line };
    const given: Cells = {};
    for (const [field, position] of column) {
      const text = withoutGuard((cells[position] ?? '').trim());
      if (text !== '') given[field] = text;
    }
    const { id, ...fields } = given;
    const values = Object.fromEntries(
      [...column.keys()].flatMap((field) => {
        const text = field === 'id' ? undefined : fields[field];
        return field === 'id' || text === undefined ? [] : [[field, valueOf(field, text)] as const];
      }),
    );
    const parsed = competitorCreateSchema.safeParse(values);
    if (!parsed.success) {
      const missing = ['firstName', 'lastName'].filter((field) => !(field in values));
      const rest = parsed.error.issues.filter(({ path }) => !missing.includes(String(path[0])));
      const empty = missing.map((field) => ({ path: [field], message: 'This cell is empty. Fill it.' }));
      return { ...at, outcome: 'refused', message: sentences([...empty, ...rest]) };
    }
    const input = parsed.data;
    const future = futureDateErrors(input, today);
    if (future.length > 0) {
      return {
        ...at,
        outcome: 'refused',
        message: sentences(future.map(({ path, message }) => ({ path: [path], message }))),
      };
    }
    const found = match(known, id, input);
    if (found.kind === 'refused') return { ...at, outcome: 'refused', message: found.message };
    const target = found.kind === 'one' ? found.competitor : undefined;
    for (const mark of marksOf(input, target?.id)) {
      const earlier = seen.get(mark);
      if (earlier !== undefined) {
        const message = `Line ${earlier} is about the same person. Keep one of the two.`;
        return {
          ...at,
          outcome: 'refused',
          message,
          ...(target === undefined ? {} : { competitorId: target.id }),
        };
      }
      seen.set(mark, line);
    }
    if (target === undefined) return { ...at, outcome: 'new', input };
    const patch = competitorPatchSchema.parse(values);
    const changed = changedFields(target, patch);
    if (changed.length === 0) return { ...at, outcome: 'unchanged', competitorId: target.id };
    const only = Object.fromEntries(changed.map((field) => [field, patch[field]]));
    return {
      ...at,
      outcome: 'changed',
      competitorId: target.id,
      patch: competitorPatchSchema.parse(only),
      fields: changed.toSorted((a, b) => a.localeCompare(b)),
    };
  });
}

/** A fingerprint of what an import would do, what it would overwrite included: the same as long as nothing changed. */
export function decisionDigest(
  decisions: readonly ImportDecision[],
  competitors: readonly Competitor[],
): string {
  const byId = new Map(competitors.map((one) => [one.id, one]));
  const hash = createHash('sha256');
  for (const decision of decisions) {
    const before =
      decision.outcome === 'changed'
        ? Object.keys(decision.patch)
            .toSorted((a, b) => a.localeCompare(b))
            .map((field) =>
              Object.entries(byId.get(decision.competitorId) ?? {}).find(([name]) => name === field),
            )
        : [];
    hash.update(JSON.stringify([decision, before]));
  }
  return hash.digest('hex');
}
