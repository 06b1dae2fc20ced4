import * as z from 'zod';
import type { createApplyImport, createStartImport } from '#shared/competitors/import/start-import.ts';
import { actorOf } from '#shared/audit/actor.ts';
import { competitorCreateSchema, competitorPatchSchema } from '#shared/competitors/competitor-input.ts';
import { competitorToView, type CompetitorRelatedRecords } from '#shared/competitors/competitor-to-view.ts';
import {
  competitorStatusSchema,
  divisionSchema,
  type CompetitorView,
} from '#shared/competitors/competitor-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { createCreateCompetitor } from '#shared/competitors/create-competitor.ts';
import type { createListCompetitors } from '#shared/competitors/list-competitors.ts';
import { competitorsToCsv, importTemplate } from '#shared/competitors/competitor-csv.ts';
import type { createExportCompetitor } from '#shared/competitors/privacy/export-competitor.ts';
import type { createExportLog, createReadLog } from '#shared/competitors/privacy/read-log.ts';
import {
  competitorSearchSchema,
  searchPositionSchema,
  type createSearchCompetitors,
} from '#shared/competitors/search-competitors.ts';
import type { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import type { ApiReply, AuthenticatedRequest, RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound, ProblemError } from '#shared/kernel/errors.ts';
import { pageQuerySchema, versionTag } from '#shared/kernel/paging.ts';
import {
  decodeCursor,
  encodeCursor,
  ifMatchVersion,
  parseBody,
  parseQuery,
} from '#shared/http/request-parsing.ts';
import type { ListPosition } from '#shared/identity/list-by-coach.ts';
import type { createDescribeMe } from '#shared/identity/me.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import type { createDeleteCompetitor } from '#shared/competitors/privacy/delete-competitor.ts';
import type { Clock } from '#shared/kernel/clock.ts';

export interface CompetitorsApiDeps {
  readonly describeMe: ReturnType<typeof createDescribeMe>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly list: ReturnType<typeof createListCompetitors>;
  readonly search: ReturnType<typeof createSearchCompetitors>;
  readonly exportOne: ReturnType<typeof createExportCompetitor>;
  readonly logRead: ReturnType<typeof createReadLog>;
  readonly startImport: ReturnType<typeof createStartImport>;
  readonly applyImport: ReturnType<typeof createApplyImport>;
  readonly erase: ReturnType<typeof createDeleteCompetitor>;
  readonly logExport: ReturnType<typeof createExportLog>;
  readonly create: ReturnType<typeof createCreateCompetitor>;
  readonly update: ReturnType<typeof createUpdateCompetitor>;
  readonly relatedRecordsOf: (competitors: readonly Competitor[]) => Promise<CompetitorRelatedRecords[]>;
  readonly now: Clock;
}

const scopeQuerySchema = z.object({ coachId: z.string().min(1).max(100).optional() });
const listQuerySchema = pageQuerySchema.extend({
  ...scopeQuerySchema.shape,
  status: competitorStatusSchema.optional(),
  teamId: z.string().min(1).max(100).optional(),
});
const rosterQuerySchema = z.object({
  ...scopeQuerySchema.shape,
  status: competitorStatusSchema.optional(),
  teamId: z.string().min(1).max(100).optional(),
  division: divisionSchema.optional(),
});
const EXPORT_PAGE = 200;
const MAX_EXPORTED = 20_000;
/** An answer of Lambda ends at 6 MB, the escaping of its text included. */
const MAX_EXPORT_BYTES = 5_000_000;

const importQuerySchema = z.object({
  dryRun: z.literal('true', {
    error: 'An import begins with a dry run: send “dryRun=true”, then apply its job.',
  }),
});

const coachRequired = (): ProblemError =>
  new ProblemError(
    422,
    'COACH_REQUIRED',
    'Say whose competitors these are: add “coachId” to the query, or act as the coach.',
    { errors: [{ path: 'coachId', message: 'An admin has to name the coach.' }] },
  );

const exportTooLarge = (): ProblemError =>
  new ProblemError(
    413,
    'EXPORT_TOO_LARGE',
    'These are too many competitors for one file. Choose a coach, a team or a division.',
  );

const csvReply = (name: string, csv: string): ApiReply => ({
  status: 200,
  body: csv,
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  },
});

const positionSchema = z.object({ coachId: z.string(), afterId: z.string().nullable() });

const idOf = (request: AuthenticatedRequest): string => request.params['id'] ?? '';

export function createCompetitorsApi(deps: CompetitorsApiDeps): RouteHandlers<'competitors-api'> {
  const viewsOf = async (competitors: readonly Competitor[]): Promise<CompetitorView[]> => {
    const relatedRecords = await deps.relatedRecordsOf(competitors);
    return competitors.map((competitor, index) =>
      competitorToView(
        competitor,
        relatedRecords[index] ?? { team: undefined, stats: undefined, reading: undefined },
        deps.now(),
      ),
    );
  };
  const replyWith = async (status: number, competitor: Competitor): Promise<ApiReply> => {
    const [view] = await viewsOf([competitor]);
    return { status, body: view, headers: { etag: versionTag(competitor.version) } };
  };
  const ownedBy = async (request: AuthenticatedRequest): Promise<Competitor> => {
    const competitor = await deps.competitorById(idOf(request));
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
  const scopeOfRequest = (request: AuthenticatedRequest) =>
    scopeIn(request, parseQuery(scopeQuerySchema, request).coachId);

  return {
    'GET /api/me': async ({ caller }) => ({ status: 200, body: await deps.describeMe(caller) }),

    'GET /api/competitors': async (request) => {
      const { limit, cursor, status, teamId } = parseQuery(listQuerySchema, request);
      const scope = await scopeOfRequest(request);
      const from = cursor === undefined ? null : decodeCursor(positionSchema, cursor);
      const page = await deps.list({ scope, status, teamId, limit, from });
      return {
        status: 200,
        body: {
          items: await viewsOf(page.items),
          nextCursor: page.next === null ? null : encodeCursor(page.next),
        },
      };
    },

    'POST /api/competitors': async (request) => {
      const input = parseBody(competitorCreateSchema, request);
      const { coachId } = await scopeOfRequest(request);
      if (coachId === null) throw coachRequired();
      const competitor = await deps.create(coachId, input, actorOf(request));
      const reply = await replyWith(201, competitor);
      return { ...reply, headers: { ...reply.headers, location: `/api/competitors/${competitor.id}` } };
    },

    'GET /api/competitors/{id}': async (request) => {
      const competitor = await ownedBy(request);
      await deps.logRead('competitor.read', competitor, actorOf(request));
      return replyWith(200, competitor);
    },

    'GET /api/competitors/{id}/export': async (request) => {
      const competitor = await ownedBy(request);
      await deps.logRead('competitor.export', competitor, actorOf(request));
      return {
        status: 200,
        body: await deps.exportOne(competitor),
        headers: { 'content-disposition': `attachment; filename="${competitor.id}.json"` },
      };
    },

    'GET /api/competitors/import/template.csv': () =>
      Promise.resolve(csvReply('competitors', importTemplate())),

    'POST /api/competitors/import': async (request) => {
      parseQuery(importQuerySchema, request);
      const { coachId } = await scopeOfRequest(request);
      if (coachId === null) throw coachRequired();
      const { caller, rawBytes = new Uint8Array(), idempotencyId } = request;
      const { id } = await deps.startImport(rawBytes, coachId, caller, idempotencyId);
      return { status: 202, body: { jobId: id }, headers: { location: `/api/jobs/${id}` } };
    },

    'POST /api/competitors/import/{jobId}/apply': async (request) => {
      const { caller } = request;
      const { id } = await deps.applyImport(
        request.params['jobId'] ?? '',
        caller,
        ({ startedBy, coachId }) =>
          caller.role === 'admin' ? true : startedBy === `user:${caller.sub}` && mayTouch(caller, coachId),
      );
      return { status: 202, body: { jobId: id }, headers: { location: `/api/jobs/${id}` } };
    },

    'DELETE /api/competitors/{id}': async (request) => ({
      status: 202,
      body: await deps.erase(idOf(request), actorOf(request), (coachId) => mayTouch(request.caller, coachId)),
    }),

    'GET /api/game-platform/exports/roster.csv': async (request) => {
      const { status, teamId, division } = parseQuery(rosterQuerySchema, request);
      const scope = await scopeOfRequest(request);
      const views: CompetitorView[] = [];
      let from: ListPosition | null = null;
      do {
        const page = await deps.list({ scope, status, teamId, limit: EXPORT_PAGE, from });
        const wanted = page.items.filter((one) => division === undefined || one.division === division);
        views.push(...(await viewsOf(wanted)));
        if (views.length > MAX_EXPORTED) throw exportTooLarge();
        from = page.next;
      } while (from !== null);
      const csv = competitorsToCsv(views);
      if (Buffer.byteLength(csv) > MAX_EXPORT_BYTES) throw exportTooLarge();
      await deps.logExport({ coachId: scope.coachId, people: views.length }, actorOf(request));
      return csvReply('roster', csv);
    },

    'POST /api/competitors/search': async (request) => {
      const { q, status, teamId, coachId, limit, cursor } = parseBody(competitorSearchSchema, request);
      const scope = await scopeIn(request, coachId);
      const from = cursor === undefined ? null : decodeCursor(searchPositionSchema, cursor);
      const page = await deps.search({ q, scope, status, teamId, limit, from });
      return {
        status: 200,
        body: {
          items: await viewsOf(page.items),
          // May hold a name: it is only ever sent in a body.
          nextCursor: page.next === null ? null : encodeCursor(page.next),
        },
      };
    },

    'PATCH /api/competitors/{id}': async (request) => {
      const competitor = await deps.update(
        idOf(request),
        ifMatchVersion(request),
        parseBody(competitorPatchSchema, request),
        actorOf(request),
        (coachId) => mayTouch(request.caller, coachId),
      );
      return replyWith(200, competitor);
    },
  };
}
