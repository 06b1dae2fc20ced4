import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { add, between, equals, query, setAll, update } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { putIf, queryAll, replacesVersion, retryOnConflict, type Table } from '#shared/table/table.ts';
import { armFiguresSchema, COUNTS, type ArmDay, type ArmFigures } from './variant-figures.ts';
import { programHabitSchema, type ProgramHabit } from './policy/reading-habit.ts';

/** What all reads together have taught, and how the arms did. Statistics: what a dead worker takes along is lost. */
export interface PolicyRepository {
  /** Consistent; undefined before anything was learned. */
  readonly learned: () => Promise<Learned | undefined>;
  /** False when somebody else replaced that version. @param before undefined: there was none */
  readonly replaceLearned: (next: ProgramHabit, before: Learned | undefined) => Promise<boolean>;
  /** Adds to a day's figures, all arms in one write. @param day `YYYY-MM-DD` of the program's time zone */
  readonly addToArms: (day: string, figures: ReadonlyMap<string, ArmFigures>) => Promise<void>;
  /** Days from the first to the last, both included, oldest first; days without reads are left out. */
  readonly armDays: (from: string, to: string) => Promise<readonly ArmDay[]>;
}

export interface Learned {
  readonly version: number;
  readonly program: ProgramHabit;
}

/** The row's attribute has the older spelling. */
const learnedSchema = z
  .object({ version: z.int().positive(), programme: programHabitSchema })
  .transform(({ version, programme }): Learned => ({ version, program: programme }));

const DAYS_KEPT = 400;
const SECONDS_PER_DAY = 86_400;

/** Counts are top-level attributes, as `ADD` takes no others: `adaptive#reads`, `adaptive#gap#high_30`. */
const attributeOf = (arm: string, figure: string): string => `${arm}#${figure}`;
const GAP = 'gap#';

const armRowSchema = z.object({ day: z.iso.date() }).catchall(z.unknown());

function armDayOf(item: Readonly<Record<string, unknown>>): ArmDay {
  const row = parseRow(armRowSchema, 'sync_arms', item);
  const counts = Object.entries(row).filter(([name]) => name.includes('#'));
  const arms = new Set(counts.map(([name]) => name.slice(0, name.indexOf('#'))));
  const figures = (arm: string) => {
    const own = counts
      .filter(([name]) => name.startsWith(attributeOf(arm, '')))
      .map(([name, value]) => [name.slice(arm.length + 1), value] as const);
    const gaps = own.filter(([name]) => name.startsWith(GAP));
    return armFiguresSchema.parse({
      ...Object.fromEntries(own),
      gaps: Object.fromEntries(gaps.map(([name, value]) => [name.slice(GAP.length), value])),
    });
  };
  return { day: row.day, arms: new Map([...arms].toSorted().map((arm) => [arm, figures(arm)])) };
}

export function createPolicyRepository(table: Table): PolicyRepository {
  return {
    async learned() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.syncPolicy('LEARNED'), ConsistentRead: true }),
      );
      return item === undefined ? undefined : parseRow(learnedSchema, 'sync_learned', item);
    },

    replaceLearned: (program, before) => {
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

    async addToArms(day, figures) {
      const added = [...figures].flatMap(([arm, { gaps, ...counts }]) =>
        [
          ...COUNTS.map((name) => [attributeOf(arm, name), counts[name]] as const),
          ...Object.entries(gaps).map(([name, value]) => [attributeOf(arm, GAP + name), value] as const),
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

    async armDays(from, to) {
      const days: ArmDay[] = [];
      const items = queryAll(table, query(equals('pk', keys.syncArms(from).pk), between('sk', from, to)));
      for await (const item of items) days.push(armDayOf(item));
      return days;
    },
  };
}
