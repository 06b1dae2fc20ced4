import * as z from 'zod';
import { routeKeyOf } from '#shared/kernel/contract.ts';
import { judge, type Finding } from './judge.ts';
import { makeShot, type Shot } from './shots.ts';
import { COACHES, openWorld, type FuzzStack, type World } from './world.ts';

export interface FuzzReport {
  readonly findings: readonly (Finding & { readonly what: string })[];
  /** Answers by route, role and status. */
  readonly counts: ReadonlyMap<string, number>;
  readonly slowest: readonly { readonly ms: number; readonly what: string }[];
  readonly requests: number;
}

/** Refused before anything of the request is looked at. */
const NOT_LET_IN = new Set([401, 403]);
/** New records become foreign ones for the other coach. */
const LEARN_EVERY = 200;

const describe = ({ route, role, how, index }: Shot): string =>
  `${index} ${routeKeyOf(route)} as ${role}: ${how}`;

const cursorSchema = z.object({ nextCursor: z.string() });
const jobSchema = z.object({ jobId: z.string() });
const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Sends so many requests one after the other and judges each answer; `only`: none but that one. */
export async function fuzz(
  stack: FuzzStack,
  options: {
    readonly seed: number;
    readonly requests: number;
    readonly from?: number;
    readonly only?: number;
    readonly onAnswer?: (sent: number, found: FuzzReport['findings']) => void;
    readonly until?: number;
  },
): Promise<FuzzReport> {
  const { seed, requests, from = 0, only, until = Infinity } = options;
  const world = await openWorld(stack);
  const findings: (Finding & { what: string })[] = [];
  const counts = new Map<string, number>();
  const times: { ms: number; what: string }[] = [];
  const cursors: string[] = [];
  let secrets = await learn(world);
  let written: string | undefined;
  let sent = 0;

  const foreignTo = (viewer: string | null): ReadonlySet<string> => {
    if (viewer === null) return new Set();
    const own = secrets[viewer] ?? new Set<string>();
    const foreign = new Set<string>();
    for (const id of COACHES) {
      for (const text of id === viewer ? [] : (secrets[id] ?? [])) if (!own.has(text)) foreign.add(text);
    }
    return foreign;
  };

  const indexes = only === undefined ? Array.from({ length: requests }, (_, at) => from + at) : [only];
  for (const index of indexes) {
    if (Date.now() > until) break;
    if (sent % LEARN_EVERY === LEARN_EVERY - 1) secrets = await learn(world);
    const shot = await makeShot(world, seed, index, cursors);
    const { method } = shot.route;
    const writes = method !== 'GET' && shot.route.rate !== 'read';
    // Something may have been made for a deletion.
    if (method === 'DELETE') written = undefined;
    if (writes) written ??= await world.written();
    const before = events(stack);
    const answer = await world.call(shot.sent, shot.role);
    sent += 1;
    const what = describe(shot);
    const key = `${routeKeyOf(shot.route)}\t${shot.role}\t${answer.status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    times.push({ ms: answer.ms, what });
    let found = judge(shot, answer, { foreign: foreignTo(shot.viewer) });
    if (found.some(({ kind }) => kind === 'another coach’s')) {
      // Somebody may have come to another coach since it was looked at.
      secrets = await learn(world);
      found = judge(shot, answer, { foreign: foreignTo(shot.viewer) });
    }
    const jobId = jobSchema.safeParse(json(answer.text)).data?.jobId;
    // Of the jobs only an import writes what people typed in.
    if (jobId !== undefined && shot.route.path.endsWith('/apply')) await world.finished(jobId);
    if (writes && answer.status < 400) written = undefined;
    if (writes && answer.status >= 400 && !NOT_LET_IN.has(answer.status)) {
      const now = await world.written();
      if (written !== undefined && now !== written) {
        found.push({ index, kind: 'half written', text: difference(written, now) });
      }
      written = now;
    }
    // Limits have tests of their own; here they would only hide what is behind them.
    if (answer.status === 429) await world.forgetLimits();
    const cursor = cursorSchema.safeParse(json(answer.text)).data?.nextCursor;
    if (cursor !== undefined && cursors.length < 200) cursors.push(cursor);
    for (const line of events(stack, before)) {
      found.push({ index, kind: 'a function’s log', text: line.slice(0, 600) });
    }
    const told = found.map(({ kind, text }) => ({ index, kind, text, what }));
    findings.push(...told);
    options.onAnswer?.(sent, told);
  }
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, 15);
  return { findings, counts, slowest, requests: sent };
}

async function learn(world: World): Promise<Readonly<Record<string, ReadonlySet<string>>>> {
  return Object.fromEntries(
    await Promise.all(COACHES.map(async (id) => [id, await world.secretsOf(id)] as const)),
  );
}

function events(stack: FuzzStack): number;
function events(stack: FuzzStack, from: number): string[];
/** Lines of API functions that no caller should be able to cause: errors, and what is no line of our log. */
function events(stack: FuzzStack, from?: number): number | string[] {
  if (from === undefined) return stack.events.length;
  return stack.events.slice(from).flatMap((event) => {
    if (event.event !== 'functionLog' || !event.functionName.endsWith('-api')) return [];
    const line = z.object({ level: z.string() }).safeParse(json(event.line)).data;
    return line?.level === 'INFO' || line?.level === 'WARN' || event.line.startsWith('{"_aws"')
      ? []
      : [event.line];
  });
}

function difference(before: string, after: string): string {
  let at = 0;
  while (before[at] === after[at]) at += 1;
  return `… ${before.slice(Math.max(0, at - 60), at + 60)} → ${after.slice(Math.max(0, at - 60), at + 60)}`;
}
