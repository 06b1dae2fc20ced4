import type { LoggedRequest } from '#test/game-platform-simulator/request-log.ts';

/** What the product owes the platform, checked on everything it asked in a whole run. */

/** A request as the simulator logs it; the numbering does not matter. */
export type ContractRequest = Pick<
  LoggedRequest,
  | 'method'
  | 'path'
  | 'synedUserId'
  | 'synedTeamId'
  | 'synedCoachUserId'
  | 'afterTimeUnix'
  | 'token'
  | 'hasBody'
  | 'caller'
  | 'startedAt'
  | 'endedAt'
  | 'closedAt'
  | 'doneAt'
  | 'status'
  | 'retryAfterAt'
  | 'inFlight'
  | 'faults'
>;

/** What both sides knew before the first request. */
export interface KnownBefore {
  /** Coaches and competitors with an account that we know of. */
  readonly users: ReadonlySet<string>;
  /** Teams on the platform that we know of. */
  readonly teams: ReadonlySet<string>;
  /** User → team, as both sides had it. */
  readonly assignments: ReadonlyMap<string, string>;
}

export interface ContractLimits {
  /** Calls in flight over all workers and functions. */
  readonly inFlight: number;
  /** Milliseconds that the next call for a user waits after one that we gave up. */
  readonly restAfterTimeout: number;
  /**
   * Milliseconds within which every worker has learned that the platform asked for a pause. Whoever was told waits at
   * once; the others may still use the slots that they had leased.
   */
  readonly pauseKnownWithin: number;
}

export type ContractRule =
  | 'bearer token'
  | 'no body on GET'
  | 'whole seconds'
  | 'coach before team'
  | 'user before assignment'
  | 'team before assignment'
  | 'unassign before assign elsewhere'
  | 'one call per user'
  | 'no delete of a team with members'
  | 'look before creating again'
  | 'ask before changing again'
  | 'Retry-After'
  | 'in flight';

export interface Breach {
  readonly rule: ContractRule;
  /** Ids only. */
  readonly what: string;
}

const INDEX = 'GET /';
const GET_USER = 'GET /users';
const CREATE_USER = 'POST /users';
const CREATE_TEAM = 'POST /teams';
const DELETE_TEAM = 'POST /teams/delete';
const ASSIGN = 'POST /users/assign_team';
const UNASSIGN = 'POST /users/delete_assignment';
const ASSIGNMENTS = 'GET /users/get_team_assignments';

/** Faults after which the caller knows at once that there is no answer, so that it gave nothing up. */
const BROKEN: readonly string[] = ['dropConnection', 'lostAnswer'];
/** Faults of an answer that says 2xx and cannot be read. */
const UNREADABLE = ['emptyBody', 'malformedJson'];
/** The log's clock has whole milliseconds, and a timer may fire one early. */
const CLOCK_STEP_MS = 2;

const endpointOf = ({ method, path }: ContractRequest): string => `${method} ${path}`;
const succeeded = ({ status }: ContractRequest): boolean => status >= 200 && status < 300;
const closed = ({ closedAt, endedAt }: ContractRequest): number => closedAt ?? endedAt ?? Infinity;
const subjectOf = (request: ContractRequest): string =>
  `${endpointOf(request)} ${request.synedUserId ?? ''} ${request.synedTeamId ?? ''}`.trim();

/** Whether the caller cannot know what became of it. 429, and 503 with `Retry-After`, are said before any work. */
function endUnknown(request: ContractRequest): boolean {
  const { status, retryAfterAt, faults } = request;
  if (status === 503 && retryAfterAt !== undefined) return false;
  if (status === 0 || status >= 500) return true;
  return (
    endpointOf(request) === CREATE_USER && succeeded(request) && UNREADABLE.some((f) => faults.includes(f))
  );
}

/** Whether a read told the caller anything: an answer that is whole, "unknown" included. */
const answered = ({ status, faults }: ContractRequest): boolean =>
  ((status >= 200 && status < 300) || status === 404) && !UNREADABLE.some((fault) => faults.includes(fault));

/** What one request breaks by itself. */
function alone(request: ContractRequest, limits: ContractLimits): Breach[] {
  const what = subjectOf(request);
  const found: Breach[] = [];
  if (endpointOf(request) !== INDEX && request.token !== 'right') found.push({ rule: 'bearer token', what });
  if (request.method === 'GET' && request.hasBody) found.push({ rule: 'no body on GET', what });
  if (request.afterTimeUnix !== undefined && !/^\d+$/.test(request.afterTimeUnix)) {
    found.push({ rule: 'whole seconds', what });
  }
  if (request.inFlight > limits.inFlight) {
    found.push({ rule: 'in flight', what: `${request.inFlight} calls: ${what}` });
  }
  return found;
}

/** Calls for one user, or of one kind about the same, that come too soon after each other. */
function tooSoon(requests: readonly ContractRequest[], limits: ContractLimits): Breach[] {
  const found: Breach[] = [];
  for (const [user, own] of Map.groupBy(requests, ({ synedUserId }) => synedUserId)) {
    if (user === undefined) continue;
    for (const [index, request] of own.entries()) {
      const before = own[index - 1];
      if (before === undefined) continue;
      const gaveUp = before.status === 0 && !BROKEN.some((fault) => before.faults.includes(fault));
      const from = closed(before) + (gaveUp ? limits.restAfterTimeout : 0);
      if (request.startedAt < from - CLOCK_STEP_MS) {
        found.push({ rule: 'one call per user', what: `${subjectOf(before)}, then ${subjectOf(request)}` });
      }
    }
  }
  return found;
}

/** Calls that were not to be made yet: the same one again by whoever was told so, or any one once all know of it. */
function beforeRetryAfter(requests: readonly ContractRequest[], limits: ContractLimits): Breach[] {
  const found: Breach[] = [];
  const pauses: { readonly known: number; readonly until: number }[] = [];
  const told = new Map<string, number>();
  for (const request of requests) {
    const { startedAt, endedAt, retryAfterAt, caller } = request;
    const what = subjectOf(request);
    const own = `${what} ${caller}`;
    const early = startedAt < (told.get(own) ?? 0) - CLOCK_STEP_MS;
    const all = pauses.some(({ known, until }) => startedAt > known && startedAt < until - CLOCK_STEP_MS);
    if (early || all) {
      const until = Math.max(told.get(own) ?? 0, ...pauses.map((suspension) => suspension.until));
      found.push({
        rule: 'Retry-After',
        what: `${what} by ${caller}, ${Math.round(until - startedAt)} ms early`,
      });
    }
    told.set(own, retryAfterAt ?? 0);
    if (retryAfterAt === undefined || endedAt === undefined || request.status === 0) continue;
    pauses.push({ known: endedAt + limits.pauseKnownWithin, until: retryAfterAt });
  }
  return found;
}

/** A write whose end was not known and that nobody asked about since. */
function withoutALook(requests: readonly ContractRequest[]): Breach[] {
  const found: Breach[] = [];
  const creates = new Set<string>();
  const changes = new Set<string>();
  for (const request of requests) {
    const { synedUserId: user } = request;
    const endpoint = endpointOf(request);
    const what = subjectOf(request);
    if (endpoint === ASSIGNMENTS && answered(request)) {
      // It is asked for a team, or for everybody: who it was about is not in the log.
      changes.clear();
    }
    if (user === undefined) continue;
    if (endpoint === GET_USER && answered(request)) creates.delete(user);
    if (endpoint === CREATE_USER) {
      if (creates.has(user)) found.push({ rule: 'look before creating again', what });
      creates.delete(user);
      if (endUnknown(request)) creates.add(user);
    }
    if (endpoint === ASSIGN || endpoint === UNASSIGN) {
      if (changes.has(user)) found.push({ rule: 'ask before changing again', what });
      changes.delete(user);
      if (endUnknown(request)) changes.add(user);
    }
  }
  return found;
}

/** What must be there first, by what we were told; and where people are, by what the platform really did. */
function outOfOrder(requests: readonly ContractRequest[], before: KnownBefore): Breach[] {
  const found: Breach[] = [];
  const users = new Set(before.users);
  const teams = new Set(before.teams);
  const teamsSent = new Set<string>();
  const teamOf = new Map(before.assignments);
  for (const request of requests) {
    const { synedUserId: user = '', synedTeamId: team = '', synedCoachUserId: coach = '' } = request;
    const what = subjectOf(request);
    const done = request.doneAt !== undefined;
    switch (endpointOf(request)) {
      case GET_USER:
      case CREATE_USER:
        if (succeeded(request)) users.add(user);
        break;
      case CREATE_TEAM:
        if (!users.has(coach)) found.push({ rule: 'coach before team', what });
        // Teams cannot be looked up: "exists" after an attempt of our own is how we learn of one.
        if (succeeded(request) || (teamsSent.has(team) && [400, 409].includes(request.status)))
          teams.add(team);
        teamsSent.add(team);
        break;
      case ASSIGN: {
        if (!users.has(user)) found.push({ rule: 'user before assignment', what });
        if (!teams.has(team)) found.push({ rule: 'team before assignment', what });
        const current = teamOf.get(user);
        if (current !== undefined && current !== team) {
          found.push({ rule: 'unassign before assign elsewhere', what: `${what}, who is on ${current}` });
        }
        if (done) teamOf.set(user, team);
        break;
      }
      case UNASSIGN:
        if (done) teamOf.delete(user);
        break;
      case DELETE_TEAM:
        if ([...teamOf.values()].includes(team)) {
          found.push({ rule: 'no delete of a team with members', what });
        }
        if (done) teams.delete(team);
        break;
      default:
        break;
    }
  }
  return found;
}

/**
 * Pure: every breach of what the product owes the platform, in these requests in the order in which they came. Empty:
 * the contract was kept.
 */
export function contractBreaches(
  requests: readonly ContractRequest[],
  before: KnownBefore,
  limits: ContractLimits,
): Breach[] {
  return [
    ...requests.flatMap((request) => alone(request, limits)),
    ...tooSoon(requests, limits),
    ...beforeRetryAfter(requests, limits),
    ...withoutALook(requests),
    ...outOfOrder(requests, before),
  ];
}
