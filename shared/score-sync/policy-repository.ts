import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { add, between, equals, query, setAll, update } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  putIf,
  queryAll,
  replacesVersion,
  retryOnConflict,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { variantFiguresSchema, COUNTS, type VariantDay, type VariantFigures } from './variant-figures.ts';
import { ADVICE_CODES, type AdviceCode } from './health/sync-advice.ts';
import { programHabitSchema, type ProgramHabit } from './policy/reading-habit.ts';

/** What all reads together have observed, and how the variants did. Statistics: what a dead worker takes along is lost. */
export interface PolicyRepository {
  /** Consistent; undefined before anything was observed. */
  readonly observed: () => Promise<Observed | undefined>;
  /** False when another worker replaced that version. @param before undefined: there was none */
  readonly replaceObserved: (next: ProgramHabit, before: Observed | undefined) => Promise<boolean>;
  /** Adds to a day's figures, all variants in one write. @param day `YYYY-MM-DD` of the program's time zone */
  readonly addToVariants: (day: string, figures: ReadonlyMap<string, VariantFigures>) => Promise<void>;
  /** Advice that was dismissed, by its code. */
  readonly dismissed: () => Promise<ReadonlyMap<AdviceCode, Dismissal>>;
  /** Dismisses an advice, or brings it back (null), together with what else is written: both or neither. */
  readonly dismiss: (code: AdviceCode, dismissal: Dismissal | null, also: TransactItem) => Promise<void>;
  /** Days from the first to the last, both included, oldest first; days without reads are left out. */
  readonly variantDays: (from: string, to: string) => Promise<readonly VariantDay[]>;
}

export interface Observed {
  readonly version: number;
  readonly program: ProgramHabit;
}

/** The row's attribute has the older spelling. */
const observedSchema = z
  .object({ version: z.int().positive(), programme: programHabitSchema })
  .transform(({ version, programme }): Observed => ({ version, program: programme }));

/** What was so when an advice was dismissed. */
const dismissalSchema = z.object({
  at: z.iso.datetime(),
  step: z.int().nonnegative(),
  about: z.string(),
});
export type Dismissal = z.infer<typeof dismissalSchema>;
/** Null: it was brought back. */
const dismissalRowSchema = z.object({ code: z.enum(ADVICE_CODES), dismissal: dismissalSchema.nullable() });

const DAYS_KEPT = 400;
const SECONDS_PER_DAY = 86_400;

/** Counts are top-level attributes, as `ADD` takes no others: `adaptive#reads`, `adaptive#gap#high_30`. */
const attributeOf = (variant: string, figure: string): string => `${variant}#${figure}`;
const GAP = 'gap#';

const variantRowSchema = z.object({ day: z.iso.date() }).catchall(z.unknown());

function variantDayOf(item: Readonly<Record<string, unknown>>): VariantDay {
  const row = parseRow(variantRowSchema, 'sync_arms', item);
  const counts = Object.entries(row).filter(([name]) => name.includes('#'));
  const variants = new Set(counts.map(([name]) => name.slice(0, name.indexOf('#'))));
  const figures = (variant: string) => {
    const own = counts
      .filter(([name]) => name.startsWith(attributeOf(variant, '')))
      .map(([name, value]) => [name.slice(variant.length + 1), value] as const);
    const gaps = own.filter(([name]) => name.startsWith(GAP));
    return variantFiguresSchema.parse({
      ...Object.fromEntries(own),
      gaps: Object.fromEntries(gaps.map(([name, value]) => [name.slice(GAP.length), value])),
    });
  };
  return {
    day: row.day,
    variants: new Map([...variants].toSorted().map((variant) => [variant, figures(variant)])),
  };
}

export function createPolicyRepository(table: Table): PolicyRepository {
  return {
    async observed() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.syncPolicy('LEARNED'), ConsistentRead: true }),
      );
      return item === undefined ? undefined : parseRow(observedSchema, 'sync_learned', item);
    },

    replaceObserved: (program, before) => {
      const version = before?.version ?? 0;
      return putIf(table, {
        Item: {
          ...keys.syncPolicy('LEARNED'),
          type: 'sync_learned',
          version: version + 1,
          programme: program,
        },
        ...replacesVersion(version),
      });
    },

    async addToVariants(day, figures) {
      const added = [...figures].flatMap(([variant, { gaps, ...counts }]) =>
        [
          ...COUNTS.map((name) => [attributeOf(variant, name), counts[name]] as const),
          ...Object.entries(gaps).map(([name, value]) => [attributeOf(variant, GAP + name), value] as const),
        ].filter(([, value]) => value > 0),
      );
      if (added.length === 0) return;
      const expires = Math.ceil(Date.parse(`${day}T00:00:00Z`) / 1_000) + DAYS_KEPT * SECONDS_PER_DAY;
      await retryOnConflict(() =>
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.syncArms(day),
            ...update([
              setAll({ type: 'sync_arms', day, [TTL_ATTRIBUTE]: expires }),
              added.map(([name, count]) => add(name, count)),
            ]),
          }),
        ),
      );
    },

    async dismissed() {
      const found = new Map<AdviceCode, Dismissal>();
      const items = queryAll(table, query(equals('pk', keys.syncAdvice('').pk)));
      for await (const item of items) {
        const { code, dismissal } = parseRow(dismissalRowSchema, 'sync_advice', item);
        if (dismissal !== null) found.set(code, dismissal);
      }
      return found;
    },

    async dismiss(code, dismissal, also) {
      const Item = { ...keys.syncAdvice(code), type: 'sync_advice', code, dismissal };
      await table.client.send(
        new TransactWriteCommand({ TransactItems: [{ Put: { TableName: table.name, Item } }, also] }),
      );
    },

    async variantDays(from, to) {
      const days: VariantDay[] = [];
      const items = queryAll(table, query(equals('pk', keys.syncArms(from).pk), between('sk', from, to)));
      for await (const item of items) days.push(variantDayOf(item));
      return days;
    },
  };
}
