import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#shared/table/table.ts';
import { everyNth } from './effort.ts';

/** The process is killed at an await: this call and every later one is lost. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

type SendArgument = Parameters<DynamoDBDocumentClient['send']>[0];

export interface Crash {
  /** The call at which it dies, from 0. */
  readonly at: number;
  /** `after`: the call still has its effect. */
  readonly side: 'before' | 'after';
}

/** The table as one process sees it that dies at a call; without a crash it only counts its calls. */
export function dyingTable(
  { name, client }: Table,
  crash?: Crash,
): { readonly table: Table; readonly calls: () => number } {
  let calls = 0;
  const send: DynamoDBDocumentClient['send'] = async (command: SendArgument) => {
    const call = calls;
    calls += 1;
    const dead = crash !== undefined && call >= crash.at;
    if (dead && (crash.side === 'before' || call > crash.at)) throw new KilledError();
    const answer = await client.send(command);
    if (dead) throw new KilledError();
    return answer;
  };
  return { table: { name, client: Object.assign(Object.create(client), { send }) }, calls: () => calls };
}

/** Runs `script` once whole, then once for each call it makes, or every few, and each side of it, killed there. */
export async function killedAnywhere(
  script: (crash: Crash | undefined) => Promise<number>,
): Promise<{ readonly calls: number }> {
  const calls = await script(undefined);
  for (let at = 0; at < calls; at += everyNth(7)) {
    for (const side of ['before', 'after'] as const) await script({ at, side });
  }
  return { calls };
}
