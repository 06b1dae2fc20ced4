import { actorOf, type Actor } from '#shared/audit/actor.ts';
import { auditRoutes } from '#shared/audit/contract.ts';
import type { createExportAudit, createListAudit } from '#shared/audit/list-audit.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import type { createChangeSettings, createPreviewSettings } from '#shared/settings/change-settings.ts';
import { type SettingsView, settingsRoutes } from '#shared/settings/contract.ts';
import * as z from 'zod';

export const ROUTES = { ...settingsRoutes, ...auditRoutes };

export interface SettingsApiDeps {
  readonly settings: () => Promise<SettingsView>;
  readonly changeSettings: ReturnType<typeof createChangeSettings>;
  readonly previewSettings: ReturnType<typeof createPreviewSettings>;
  readonly listAudit: ReturnType<typeof createListAudit>;
  readonly exportAudit: ReturnType<typeof createExportAudit>;
  /** Keeps that the log was taken out as a file. */
  readonly logExport: (lines: number, actor: Actor) => Promise<void>;
}

const settingsReply = (settings: SettingsView) => ({
  status: 200 as const,
  body: settings,
  headers: { etag: versionTag(settings.version) },
});

export const createSettingsApi = (deps: SettingsApiDeps): RouteHandlers<typeof ROUTES> => ({
  getSettings: async () => settingsReply(await deps.settings()),

  updateSettings: async ({ version, body: patch, caller, requestId }) =>
    settingsReply(await deps.changeSettings(version, patch, { sub: caller.sub, requestId })),

  previewSettings: async ({ body: patch }) => ({ status: 200, body: await deps.previewSettings(patch) }),

  listAudit: async ({ query: { cursor, limit, ...filter } }) => {
    const before = cursor === undefined ? null : decodeCursor(z.string(), cursor);
    const { items, next } = await deps.listAudit(filter, limit, before);
    return { status: 200, body: { items, nextCursor: next === null ? null : encodeCursor(next) } };
  },

  exportAudit: async (request) => {
    const { csv, lines } = await deps.exportAudit(request.query);
    await deps.logExport(lines, actorOf(request));
    return {
      status: 200,
      body: csv,
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="audit.csv"',
      },
    };
  },
});
