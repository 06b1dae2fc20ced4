import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import type { createChangeSchedules } from '#shared/schedules/change-schedules.ts';
import type { ScheduleView, scheduleRoutes } from '#shared/schedules/contract.ts';
import { parseExpression } from '#shared/schedules/expression.ts';
import { type createListSchedules, runsAhead } from '#shared/schedules/read-schedules.ts';

export interface SchedulesApiDeps {
  readonly list: ReturnType<typeof createListSchedules>;
  readonly schedules: ReturnType<typeof createChangeSchedules>;
  /** Asks for the job to be planned now; the dispatcher does it within a minute anyway. */
  readonly planSoon: (jobId: string) => Promise<void>;
  readonly now: Clock;
}

/** The service lists no more at once. */
const MOST_LISTED = 100;

const headersOf = ({ version }: ScheduleView) => ({ etag: versionTag(version) });

export function createSchedulesApi({
  list,
  schedules,
  planSoon,
  now,
}: SchedulesApiDeps): RouteHandlers<typeof scheduleRoutes> {
  return {
    listSchedules: async ({ query: { limit, cursor } }) => {
      const token = cursor === undefined ? undefined : decodeCursor(z.string(), cursor);
      const { items, next } = await list({ limit: Math.min(limit, MOST_LISTED), token });
      return { status: 200, body: { items, nextCursor: next === undefined ? null : encodeCursor(next) } };
    },

    createSchedule: async (request) => {
      const body = await schedules.create(request.body, actorOf(request));
      request.log.info('schedule made', { schedule: body.name });
      return { status: 201, body, headers: headersOf(body) };
    },

    previewSchedule: ({ body: { expression, timezone, countsFrom } }) => {
      const at = now().getTime();
      const firing = {
        recurrence: parseExpression(expression).recurrence,
        timeZone: timezone,
        countsFrom: countsFrom === undefined ? at : Date.parse(countsFrom),
      };
      // A new rate fires at once.
      const nextRuns = runsAhead(firing, countsFrom === undefined ? at - 1 : at);
      return Promise.resolve({ status: 200, body: { nextRuns } });
    },

    updateSchedule: async (request) => {
      const { params, version, body: patch, log } = request;
      const body = await schedules.change(params.name, version, patch, actorOf(request));
      log.info('schedule changed', { schedule: body.name });
      return { status: 200, body, headers: headersOf(body) };
    },

    deleteSchedule: async (request) => {
      const { name } = request.params;
      await schedules.remove(name, actorOf(request));
      request.log.info('schedule deleted', { schedule: name });
      return { status: 204 };
    },

    runSchedule: async (request) => {
      const { name } = request.params;
      const job = await schedules.run(name, actorOf(request), request.idempotencyId);
      request.log.info('schedule run by hand', { schedule: name, jobId: job.id });
      await planSoon(job.id).catch((error: unknown) => {
        request.log.warn('planning not asked for; the dispatcher will', { jobId: job.id }, error);
      });
      return jobStarted(job.id);
    },
  };
}
