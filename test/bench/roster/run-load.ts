import { randomUUID } from 'node:crypto';
import type { Api } from '#test/support/stack.ts';
import { openLoop } from '../arrivals.ts';
import type { PlannedEdit } from './plan-edits.ts';

/** An edit that was asked for. Milliseconds since 1970. */
export interface AskedEdit {
  readonly edit: PlannedEdit;
  /** When it was due: waiting in front of a busy system counts. */
  readonly dueAt: number;
  readonly answeredAt: number;
  /** HTTP status of the last answer; 0 when none came. */
  readonly status: number;
  readonly tries: number;
  /** The team that was made by it. */
  readonly newTeamId: string | null;
}

/** As a person would: once more when the answer says so, or did not come. */
const MOST_TRIES = 8;
const MAY_PASS: ReadonlySet<number> = new Set([0, 409, 429, 500, 502, 503, 504]);

function requestOf(edit: PlannedEdit): readonly [string, string, unknown] {
  switch (edit.kind) {
    case 'add':
    case 'move':
      return ['PUT', `/api/teams/${edit.teamId}/members/${edit.competitorId}`, undefined];
    case 'remove':
      return ['DELETE', `/api/teams/${edit.fromTeamId}/members/${edit.competitorId}`, undefined];
    case 'onboard':
      return ['POST', `/api/game-platform/competitors/${edit.competitorId}`, undefined];
    default:
      return [
        'POST',
        `/api/teams?coachId=${edit.coachId}`,
        { name: 'Night Heron Society', affiliation: 'Harbor Middle School', division: 'high_school' },
      ];
  }
}

const sleep = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

async function ask(api: Api, edit: PlannedEdit, dueAt: number): Promise<AskedEdit> {
  const [method, path, body] = requestOf(edit);
  // As the coach whose edit it is: each has a share of the API of their own.
  const headers = { 'idempotency-key': randomUUID(), 'x-act-as': edit.coachId };
  let status = 0;
  let tries = 0;
  let newTeamId: string | null = null;
  do {
    if (tries > 0) await sleep(1_000);
    tries += 1;
    const answer = await api(method, path, { headers, ...(body === undefined ? {} : { body }) }).catch(
      () => undefined,
    );
    status = answer?.status ?? 0;
    if (edit.kind === 'create' && status === 201) newTeamId = String(answer?.body.id);
  } while (MAY_PASS.has(status) && tries < MOST_TRIES);
  return { edit, dueAt, answeredAt: Date.now(), status, tries, newTeamId };
}

/** Asks for each edit at its time and waits for the answers. */
export async function runLoad(
  api: Api,
  edits: readonly PlannedEdit[],
  times: readonly number[],
): Promise<AskedEdit[]> {
  const asked: AskedEdit[] = [];
  await openLoop(times.slice(0, edits.length), async (index, dueAt) => {
    const edit = edits[index];
    if (edit !== undefined) asked.push(await ask(api, edit, dueAt));
  });
  return asked;
}
