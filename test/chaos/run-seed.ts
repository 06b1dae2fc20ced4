import { createEmptyTable, type Dynoxide } from '#test/support/dynoxide.ts';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { drain, settle } from './drain.ts';
import { beginEdit } from './edits.ts';
import type { History } from './history.ts';
import { judge, type Finding } from './judge.ts';
import { leanClient } from './lean-client.ts';
import { performer } from './perform.ts';
import { Program } from './program.ts';
import { monthsBefore, truthOf } from './truth.ts';
import { World } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly findings: readonly Finding[];
  /** How often each thing happened. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was compared. */
  readonly solves: number;
  readonly people: number;
  readonly tableCalls: number;
  readonly platformCalls: number;
  /** Places in the code where processes died, and some of those where they wait at all. */
  readonly killedAt: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly waitedAt: readonly string[];
  readonly story: readonly string[];
}

/** Three days after the month began: what is changed of solves of October restates it. */
const START = new Date('2026-11-03T18:00:00.000Z');

/** Of one seed in so many, all places where processes wait are noted. */
const WATCHED = 10;

/** Lives one history on a new table, lets everything drain, and judges. */
export async function runHistory(
  history: History,
  { client, endpoint }: Pick<Dynoxide, 'client' | 'endpoint'>,
): Promise<SeedResult> {
  const table = await createEmptyTable(client);
  const indexCopy = await createEmptyTable(client);
  const world = new World(history.seed, table, indexCopy, leanClient(endpoint), START);
  world.turns.watching = history.seed % WATCHED === 0;
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  try {
    const program = new Program(world, history);
    await program.begin(history);
    await world.indexes.begin();
    for (let team = 0; team < history.teams; team += 1)
      await world.together([await beginEdit(world, program, { act: 'newTeam' }, undefined)]);
    await settle(world);
    world.tell(`begun (${world.turns.made} steps)`);
    const before = monthsBefore(world, program.people);
    const perform = performer(world, program, history.old, count);
    for (const act of history.acts) await perform(act);
    world.tell(`drained from here on (${world.turns.made} steps)`);
    const open = await drain(world, program, history.old);
    const rows = await world.rows();
    const truth = truthOf(world, program, before, rows);
    const letters = world.queues.deadLetters.map(({ queue, body }) => `dead letter of ${queue}: ${body}`);
    for (const hit of world.vendor.hits) count(`platform ${hit}`);
    for (const hit of world.troubled.hits) count(`table ${hit}`);
    for (const hit of world.indexes.hits) count(`index ${hit}`);
    for (const hit of world.queues.hits) count(hit === 'dead letter' ? hit : `queue ${hit}`);
    for (const kill of world.turns.kills) count(`killed ${kill}`);
    if (program.erased.size > 0) count('person erased');
    return {
      seed: history.seed,
      findings: judge(truth, rows, [...open, ...letters]),
      counts: Object.fromEntries(counts),
      solves: truth.people.reduce((sum, { solves }) => sum + (solves?.length ?? 0), 0),
      people: truth.people.length,
      killedAt: { before: [...world.turns.killedAt.before], after: [...world.turns.killedAt.after] },
      waitedAt: [...world.turns.waitedAt],
      tableCalls: world.turns.made,
      platformCalls: world.vendor.calls,
      story: [...world.story, ...world.errors.map((line) => `logged: ${line}`)],
    };
  } finally {
    world.close();
    for (const { name } of [table, indexCopy]) await client.send(new DeleteTableCommand({ TableName: name }));
  }
}
