import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import { importTemplate } from '#shared/competitors/competitor-csv.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { competitorRoutes, type CompetitorListItem } from '#shared/competitors/contract.ts';
import type { createCreateCompetitor } from '#shared/competitors/create-competitor.ts';
import { parseColumns } from '#shared/competitors/import/import-file.ts';
import { parseTeamAnswers } from '#shared/competitors/import/import-teams.ts';
import type { createPreviewImport } from '#shared/competitors/import/preview-import.ts';
import type {
  createApplyImport,
  createStartImport,
  MayReadImport,
} from '#shared/competitors/import/start-import.ts';
import type { createListCompetitors, createListSorted } from '#shared/competitors/list-competitors.ts';
import type { createDeleteCompetitor } from '#shared/competitors/privacy/delete-competitor.ts';
import type { createExportCompetitor } from '#shared/competitors/privacy/export-competitor.ts';
import {
  createOpenRecord,
  createRowsOf,
  type OpenRecordDeps,
} from '#shared/competitors/privacy/open-record.ts';
import type { createExportLog } from '#shared/competitors/privacy/read-log.ts';
import {
  searchPositionSchema,
  type createSearchCompetitors,
} from '#shared/competitors/search-competitors.ts';
import { createRosterFile } from '#shared/competitors/roster-file.ts';
import type { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import type { createAnswerExport } from '#shared/exports/answer-export.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { csvReply, exportReply } from '#shared/http/export-reply.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import type { Caller } from '#shared/identity/caller.ts';
import { identityRoutes } from '#shared/identity/contract.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { createDescribeMe } from '#shared/identity/me.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import { moveRoutes } from '#shared/moves/contract.ts';
import type { createApplyMove, createPlanMove } from '#shared/moves/start-move.ts';
import type { createViewMove } from '#shared/moves/view-move.ts';
import { seasonRoutes } from '#shared/season/contract.ts';
import type { createApplyRollOver, createPlanRollOver } from '#shared/season/start-roll-over.ts';
import type { createViewRollOver } from '#shared/season/view-roll-over.ts';

export interface CompetitorsApiDeps extends OpenRecordDeps {
  readonly describeMe: ReturnType<typeof createDescribeMe>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly list: ReturnType<typeof createListCompetitors>;
  readonly listSorted: ReturnType<typeof createListSorted>;
  readonly search: ReturnType<typeof createSearchCompetitors>;
  readonly exportOne: ReturnType<typeof createExportCompetitor>;
  readonly startImport: ReturnType<typeof createStartImport>;
  readonly applyImport: ReturnType<typeof createApplyImport>;
  readonly previewImport: ReturnType<typeof createPreviewImport>;
  readonly planMove: ReturnType<typeof createPlanMove>;
  readonly applyMove: ReturnType<typeof createApplyMove>;
  readonly viewMove: ReturnType<typeof createViewMove>;
  readonly planRollOver: ReturnType<typeof createPlanRollOver>;
  readonly applyRollOver: ReturnType<typeof createApplyRollOver>;
  readonly viewRollOver: ReturnType<typeof createViewRollOver>;
  readonly erase: ReturnType<typeof createDeleteCompetitor>;
  readonly answerExport: ReturnType<typeof createAnswerExport>;
  readonly logExport: ReturnType<typeof createExportLog>;
  readonly create: ReturnType<typeof createCreateCompetitor>;
  readonly update: ReturnType<typeof createUpdateCompetitor>;
  readonly timeZone: string;
}

const coachRequired = (): DomainError =>
  new DomainError(
    'invalid',
    'COACH_REQUIRED',
    'Say whose competitors these are: add “coachId” to the query, or act as the coach.',
    { errors: [{ path: 'coachId', message: 'An admin has to name the coach.' }] },
  );

const mayReadImport =
  ({ caller }: AuthenticatedRequest): MayReadImport =>
  ({ startedBy, coachId }) =>
    caller.role === 'admin' || (startedBy === `user:${caller.sub}` && mayTouch(caller, coachId));

const positionSchema = z.object({ coachId: z.string(), afterId: z.string().nullable() });
const sortedPositionSchema = positionSchema.extend({ seen: z.int() });

/** How the query of an import names what divides cells. */
const SEPARATOR_NAMES = { comma: ',', semicolon: ';', tab: '\t', any: undefined } as const;

export const ROUTES = { ...identityRoutes, ...competitorRoutes, ...moveRoutes, ...seasonRoutes };

export function createCompetitorsApi(deps: CompetitorsApiDeps): RouteHandlers<typeof ROUTES> {
  const rowsOf = createRowsOf(deps);
  const openRecord = createOpenRecord(deps);
  /** Rows with whose they are, where the list may be of several coaches. */
  const listOf = async (
    competitors: readonly Competitor[],
    caller: Caller,
  ): Promise<CompetitorListItem[]> => {
    const rows = await rowsOf(competitors);
    const coachIds = caller.coachId === null ? [...new Set(rows.map(({ coachId }) => coachId))] : [];
    const coaches = new Map(
      await Promise.all(coachIds.map(async (id) => [id, await deps.coachById(id)] as const)),
    );
    return rows.map((row) => {
      const coach = coaches.get(row.coachId);
      const owner = coach === undefined ? null : { name: coach.name, school: coach.school };
      return Object.assign(row, { coach: owner });
    });
  };
  const replyWith = async <S extends number>(
    status: S,
    competitor: Competitor,
    request: AuthenticatedRequest,
  ) => ({
    status,
    body: await openRecord(competitor, actorOf(request)),
    headers: { etag: versionTag(competitor.version) },
  });
  const ownedBy = async (
    request: AuthenticatedRequest<typeof ROUTES.getCompetitor | typeof ROUTES.exportCompetitor>,
  ): Promise<Competitor> => {
    const competitor = await deps.competitorById(request.params.id);
    if (competitor === undefined || !mayTouch(request.caller, competitor.coachId)) throw notFound();
    return competitor;
  };
  /** The coach that a request is about; 404 when there is none of that id. */
  const scopeIn = async (request: AuthenticatedRequest, coachId: string | undefined) => {
    const scope = scopeOf(request.caller, coachId);
    const own = request.caller.coachId === scope.coachId;
    if (scope.coachId !== null && !own && (await deps.coachById(scope.coachId)) === undefined)
      throw notFound();
    return scope;
  };
  const scopeOfRequest = (
    request: AuthenticatedRequest & { readonly query: { readonly coachId?: string | undefined } },
  ) => scopeIn(request, request.query.coachId);

  return {
    me: async ({ caller }) => ({ status: 200, body: await deps.describeMe(caller) }),

    listCompetitors: async (request) => {
      const { limit, cursor, sort, status, teamId, division, grade } = request.query;
      const scope = await scopeOfRequest(request);
      const query = { status, teamId, division, grade, limit };
      const position = <S extends z.ZodType>(schema: S) =>
        cursor === undefined ? null : decodeCursor(schema, cursor);
      if (sort !== undefined && scope.coachId === null) throw coachRequired();
      const page =
        sort === undefined || scope.coachId === null
          ? await deps.list({ ...query, scope, from: position(positionSchema) })
          : await deps.listSorted(scope.coachId, sort, { ...query, from: position(sortedPositionSchema) });
      return {
        status: 200,
        body: {
          items: await listOf(page.items, request.caller),
          nextCursor: page.next === null ? null : encodeCursor(page.next),
        },
      };
    },

    createCompetitor: async (request) => {
      const input = request.body;
      const { coachId } = await scopeOfRequest(request);
      if (coachId === null) throw coachRequired();
      const competitor = await deps.create(coachId, input, actorOf(request));
      const reply = await replyWith(201, competitor, request);
      return { ...reply, headers: { ...reply.headers, location: `/api/competitors/${competitor.id}` } };
    },

    getCompetitor: async (request) => {
      const competitor = await ownedBy(request);
      return replyWith(200, competitor, request);
    },

    exportCompetitor: async (request) => {
      const competitor = await ownedBy(request);
      await deps.logRead('competitor.export', competitor, actorOf(request));
      return {
        status: 200,
        body: await deps.exportOne(competitor),
        headers: { 'content-disposition': `attachment; filename="${competitor.id}.json"` },
      };
    },

    importTemplate: () => Promise.resolve(csvReply('competitors', importTemplate())),

    startImport: async (request) => {
      const { coachId } = await scopeOfRequest(request);
      if (coachId === null) throw coachRequired();
      const { rawBytes = new Uint8Array(), idempotencyId } = request;
      const { encoding, separator, headerLine, columns, teams } = request.query;
      const told = {
        encoding,
        separator: SEPARATOR_NAMES[separator ?? 'any'],
        headerLine,
        columns: columns === undefined ? undefined : parseColumns(columns),
        teams: teams === undefined ? undefined : parseTeamAnswers(teams),
      };
      const { id } = await deps.startImport(rawBytes, coachId, actorOf(request), told, idempotencyId);
      return jobStarted(id);
    },

    applyImport: async (request) => {
      const { id } = await deps.applyImport(request.params.jobId, actorOf(request), mayReadImport(request));
      return jobStarted(id);
    },

    previewImport: async (request) => {
      const { limit, cursor, outcome } = request.query;
      const after = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { items, next } = await deps.previewImport(
        request.params.jobId,
        { limit, after, outcome },
        actorOf(request),
        mayReadImport(request),
      );
      return {
        status: 200,
        body: { items: [...items], nextCursor: next === null ? null : encodeCursor(next) },
      };
    },

    planMove: async ({ body, idempotencyId, ...request }) =>
      jobStarted((await deps.planMove(body, actorOf(request), idempotencyId)).id),

    applyMove: async (request) =>
      jobStarted((await deps.applyMove(request.params.jobId, actorOf(request))).id),

    getMove: async ({ params, query: { limit, cursor, outcome } }) => {
      const after = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { next, ...view } = await deps.viewMove(params.jobId, { limit, after, outcome });
      return { status: 200, body: { ...view, nextCursor: next === null ? null : encodeCursor(next) } };
    },

    planRollOver: async ({ body, idempotencyId, ...request }) =>
      jobStarted((await deps.planRollOver(body, actorOf(request), idempotencyId)).id),

    applyRollOver: async (request) =>
      jobStarted((await deps.applyRollOver(request.params.jobId, actorOf(request))).id),

    getRollOver: async ({ params, query: { limit, cursor, outcome } }) => {
      const after = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { next, ...view } = await deps.viewRollOver(params.jobId, { limit, after, outcome });
      return { status: 200, body: { ...view, nextCursor: next === null ? null : encodeCursor(next) } };
    },

    eraseCompetitor: async (request) => ({
      status: 202,
      body: await deps.erase(request.params.id, actorOf(request), (coachId) =>
        mayTouch(request.caller, coachId),
      ),
    }),

    exportRoster: async (request) => {
      const { status, teamId, division, grade } = request.query;
      const scope = await scopeOfRequest(request);
      const { coachId } = scope;
      const answer = await deps.answerExport({
        source: createRosterFile(deps, { scope, status, teamId, division, grade }),
        payload: {
          file: 'roster',
          coachId,
          division: division ?? null,
          status: status ?? null,
          teamId: teamId ?? null,
          grade: grade ?? null,
        },
        actor: actorOf(request),
        remainingMs: request.remainingMs,
      });
      if (answer.kind === 'file') await deps.logExport({ coachId, people: answer.rows }, actorOf(request));
      return exportReply('roster', answer);
    },

    searchCompetitors: async (request) => {
      const { q, status, teamId, coachId, limit, cursor } = request.body;
      const scope = await scopeIn(request, coachId);
      const from = cursor === undefined ? null : decodeCursor(searchPositionSchema, cursor);
      const page = await deps.search({ q, scope, status, teamId, limit, from });
      return {
        status: 200,
        body: {
          items: await listOf(page.items, request.caller),
          // May hold a name: it is only ever sent in a body.
          nextCursor: page.next === null ? null : encodeCursor(page.next),
        },
      };
    },

    updateCompetitor: async (request) => {
      const competitor = await deps.update(
        request.params.id,
        request.version,
        request.body,
        actorOf(request),
        (coachId) => mayTouch(request.caller, coachId),
      );
      return replyWith(200, competitor, request);
    },
  };
}
