import type * as z from 'zod';
import { systemClock, type Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import type { RateLimiter } from './budget/rate-limiter.ts';
import type { CallPurpose } from './budget/purposes.ts';
import { GamePlatformError } from './game-platform-error.ts';
import type { CallOptions, GamePlatform } from './game-platform.ts';
import { KeyedQueue, orAborted } from './keyed-queue.ts';
import {
  errorOf,
  makeCall,
  type Call,
  type CallLimits,
  type CallerDeps,
  type CheckAnswer,
  type Success,
} from './make-call.ts';
import { oddPartsOf, parseEach, safePath } from './quarantine.ts';
import { AFTER_TIMEOUT_MS } from './retry-policy.ts';
import { settleRefusal } from './settle-refusal.ts';
import type { TokenSource } from './token-source.ts';
import {
  challengeSolveSchema,
  flashCtfEnvelopeSchema,
  flashCtfProgressEnvelopeSchema,
  odlScoresEnvelopeSchema,
  teamAssignmentSchema,
  teamAssignmentsEnvelopeSchema,
  teamCreateSchema,
  teamResponseSchema,
  userCreateSchema,
  userResponseSchema,
  type Unparsed,
} from './vendor-contract.ts';

export interface GamePlatformClientDeps {
  /** With or without a slash at the end. */
  readonly baseUrl: string;
  readonly token: TokenSource;
  /** The function that asks, named to the platform so that its people can tell us whose calls trouble them. */
  readonly caller: string;
  readonly log: Log;
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly now?: Clock;
  /** Counts the vendor's server errors. */
  readonly metrics?: Pick<Metrics, 'add'>;
  readonly tracing?: Pick<Tracing, 'span'>;
  /** Gives leave to every attempt. Without one, calls are made as they come. */
  readonly budget?: RateLimiter;
  /** What calls are counted as that say nothing else. @default interactive */
  readonly purpose?: CallPurpose;
  /** Milliseconds per attempt, instead of each endpoint's own. */
  readonly callTimeoutMs?: number;
}

const defaultSleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  orAborted(new Promise((resolve) => setTimeout(resolve, ms)), signal);

/** Paths told of what was set aside of one answer. */
const MAX_FIELDS = 20;

const pathsOf = (error: z.ZodError): readonly string[] => [
  ...new Set(error.issues.map((issue) => safePath(issue.path.slice(0, 3)))),
];

/** The same with its solves parsed one by one. Solves that are no list are set aside as one record. */
function withSolves<T extends { readonly challenge_solves: readonly unknown[] | null }>(
  envelope: T,
  odd: Unparsed | undefined,
) {
  const { challenge_solves: solves, ...rest } = envelope;
  const { parsed, unparsed } = parseEach(challengeSolveSchema, solves ?? [null]);
  return { ...rest, challenge_solves: parsed, unparsed, ...(odd === undefined ? {} : { odd }) };
}

const assignedUserSchema = teamAssignmentSchema.pick({ syned_user_id: true });

/** What is sent, cut to the fields of the contract; what cannot be right is refused here already. */
const fitting = <S extends z.ZodType>(call: Call, schema: S, body: z.input<S>): z.output<S> => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw errorOf(
    call,
    { code: 'VALIDATION_REFUSED', status: null, sure: true, fields: pathsOf(result.error) },
    0,
  );
};

/**
 * The vendor's API over HTTP. See {@link GamePlatform} for what the methods promise; `refusal.ts` for what its answers
 * mean, `retry-policy.ts` for what is tried again. From one client, at most one call for a user is in flight.
 */
export function createGamePlatformClient(options: GamePlatformClientDeps): GamePlatform {
  const deps: CallerDeps = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    token: options.token,
    log: options.log,
    fetch: options.fetch ?? globalThis.fetch,
    sleep: options.sleep ?? defaultSleep,
    random: options.random ?? Math.random,
    now: options.now ?? systemClock,
    metrics: options.metrics,
    tracing: options.tracing ?? NO_TRACING,
    callTimeoutMs: options.callTimeoutMs,
    budget: options.budget,
    caller: options.caller,
  };
  const queue = new KeyedQueue();

  /** A call that was given up may still be running over there, so that the next one for the user waits a little. */
  const rest = (error: unknown): Promise<void> | undefined =>
    error instanceof GamePlatformError && error.code !== 'TIMED_OUT'
      ? undefined
      : deps.sleep(AFTER_TIMEOUT_MS);

  const perform = (
    call: Call,
    settings: CallOptions,
    check: CheckAnswer,
    /** Whom a refusal without a reason may be about. @default the user of the call */
    aboutUserId = call.synedUserId,
  ): Promise<Success> => {
    const limits: CallLimits = {
      deadlineMs:
        settings.budgetMs === undefined ? Number.POSITIVE_INFINITY : deps.now().getTime() + settings.budgetMs,
      signal: settings.signal,
      purpose: settings.purpose ?? options.purpose ?? 'interactive',
    };
    return queue.run(
      call.synedUserId ?? call.synedTeamId,
      async () => {
        try {
          return await makeCall(deps, call, limits, check);
        } catch (error) {
          throw await settleRefusal(deps, call, limits, aboutUserId, error);
        }
      },
      rest,
      settings.signal,
    );
  };

  /** A call whose answer has to fit `schema`; what it does without and could not read is logged and given along. */
  const askWithOdd = async <S extends z.ZodType>(
    call: Call,
    schema: S,
    settings: CallOptions = {},
    fits: (answer: z.output<S>) => boolean = () => true,
    aboutUserId?: string,
  ): Promise<{ readonly data: z.output<S>; readonly odd: Unparsed | undefined }> => {
    let parsed: { readonly data: z.output<S>; readonly odd: Unparsed | undefined } | undefined;
    await perform(
      call,
      settings,
      (answer) => {
        const result = schema.safeParse(answer.body);
        if (!result.success) return pathsOf(result.error);
        if (!fits(result.data)) return ['syned_user_id'];
        parsed = { data: result.data, odd: oddPartsOf(schema, answer.body) };
        return undefined;
      },
      aboutUserId,
    );
    if (parsed === undefined) throw errorOf(call, { code: 'BAD_ANSWER', status: null, sure: true }, 0);
    if (parsed.odd !== undefined) reportSetAside(call, [parsed.odd]);
    return parsed;
  };

  const ask = async <S extends z.ZodType>(...asked: Parameters<typeof askWithOdd<S>>): Promise<z.output<S>> =>
    (await askWithOdd(...asked)).data;

  const reportSetAside = (call: Call, setAside: readonly Unparsed[]): void => {
    if (setAside.length === 0) return;
    const fields = [...new Set(setAside.flatMap(({ issues }) => issues.map(({ path }) => path)))];
    const { endpoint, synedUserId, synedTeamId } = call;
    deps.log.warn('game platform answer set aside in part', {
      endpoint,
      synedUserId,
      synedTeamId,
      records: setAside.length,
      fields: fields.slice(0, MAX_FIELDS),
    });
  };

  /** A call of which any 2xx is all there is to know. */
  const tell = async (call: Call, settings: CallOptions = {}): Promise<void> => {
    await perform(call, settings, () => undefined);
  };

  return {
    getUser: async (synedUserId, settings) => {
      try {
        return await ask(
          {
            endpoint: 'getUser',
            query: { syned_user_id: synedUserId },
            synedUserId,
            typedId: settings?.typedId,
          },
          userResponseSchema,
          settings,
          (user) => user.syned_user_id === synedUserId,
        );
      } catch (error) {
        if (error instanceof GamePlatformError && error.code === 'USER_UNKNOWN') return null;
        throw error;
      }
    },

    createUser: async (user, settings) => {
      const call: Call = { endpoint: 'createUser', synedUserId: user.syned_user_id };
      const body = fitting(call, userCreateSchema, user);
      return ask(
        { ...call, body },
        userResponseSchema,
        settings,
        (made) => made.syned_user_id === user.syned_user_id,
      );
    },

    createTeam: async (team, settings) => {
      const call: Call = { endpoint: 'createTeam', synedTeamId: team.syned_team_id };
      const body = fitting(call, teamCreateSchema, team);
      return ask(
        { ...call, body },
        teamResponseSchema,
        settings,
        (made) => (made.syned_team_id ?? team.syned_team_id) === team.syned_team_id,
        team.syned_coach_user_id,
      );
    },

    deleteTeam: (synedTeamId, settings) =>
      tell({ endpoint: 'deleteTeam', body: { syned_team_id: synedTeamId }, synedTeamId }, settings),

    assignTeam: async (synedUserId, synedTeamId, settings) => {
      const body = { syned_team_id: synedTeamId, syned_user_id: synedUserId };
      let assignment = body;
      // Any 2xx says that it is done; only an answer about somebody or something else is not believed.
      await perform({ endpoint: 'assignTeam', body, synedUserId, synedTeamId }, settings ?? {}, (answer) => {
        const result = teamAssignmentSchema.safeParse(answer.body);
        if (!result.success) return undefined;
        if (result.data.syned_user_id !== synedUserId) return ['syned_user_id'];
        if ((result.data.syned_team_id ?? synedTeamId) !== synedTeamId) return ['syned_team_id'];
        assignment = { ...body, ...result.data, syned_team_id: synedTeamId };
        return undefined;
      });
      return assignment;
    },

    deleteAssignment: (synedUserId, settings) =>
      tell({ endpoint: 'deleteAssignment', body: { syned_user_id: synedUserId }, synedUserId }, settings),

    getTeamAssignments: async (synedTeamId, settings) => {
      const call: Call = {
        endpoint: 'getTeamAssignments',
        ...(synedTeamId === undefined ? {} : { query: { syned_team_id: synedTeamId }, synedTeamId }),
      };
      const answer = await ask(call, teamAssignmentsEnvelopeSchema, settings);
      const { parsed, unparsed } = parseEach(teamAssignmentSchema, answer.assignments);
      reportSetAside(call, unparsed);
      const unplaced = unparsed.flatMap(({ index }) => {
        const named = assignedUserSchema.safeParse(answer.assignments[index]);
        return named.success ? [named.data.syned_user_id] : [];
      });
      return { assignments: parsed, total_count: answer.total_count, unparsed, unplaced };
    },

    getOdlScores: async (synedUserId, afterUnix, settings) => {
      const query = {
        syned_user_id: synedUserId,
        ...(afterUnix === undefined ? {} : { after_time_unix: String(afterUnix) }),
      };
      const { data, odd } = await askWithOdd(
        { endpoint: 'getOdlScores', query, synedUserId },
        odlScoresEnvelopeSchema,
        settings,
        (answer) => (answer.syned_user_id ?? synedUserId) === synedUserId,
      );
      return withSolves(data, odd);
    },

    getFlashCtfProgress: async (synedUserId, settings) => {
      const progress = await ask(
        { endpoint: 'getFlashCtfProgress', query: { syned_user_id: synedUserId }, synedUserId },
        flashCtfProgressEnvelopeSchema,
        settings,
        (answer) => (answer.syned_user_id ?? synedUserId) === synedUserId,
      );
      const { parsed, unparsed } = parseEach(flashCtfEnvelopeSchema, progress.flash_ctfs);
      const setAside = new Set(unparsed.map(({ index }) => index));
      const kept = progress.flash_ctfs.filter((_, index) => !setAside.has(index));
      const flash_ctfs = parsed.map((ctf, at) =>
        withSolves(ctf, oddPartsOf(flashCtfEnvelopeSchema, kept[at])),
      );
      return { flash_ctfs, unparsed };
    },

    sendPasswordReset: (synedUserId, settings) =>
      tell({ endpoint: 'sendPasswordReset', body: { syned_user_id: synedUserId }, synedUserId }, settings),
  };
}
