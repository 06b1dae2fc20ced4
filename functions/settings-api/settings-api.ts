import type { RouteHandlers } from '#shared/http/api-types.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import type { createChangeSettings, createPreviewSettings } from '#shared/settings/change-settings.ts';
import { type SettingsView, settingsRoutes } from '#shared/settings/contract.ts';

export interface SettingsApiDeps {
  readonly settings: () => Promise<SettingsView>;
  readonly changeSettings: ReturnType<typeof createChangeSettings>;
  readonly previewSettings: ReturnType<typeof createPreviewSettings>;
}

const settingsReply = (settings: SettingsView) => ({
  status: 200 as const,
  body: settings,
  headers: { etag: versionTag(settings.version) },
});

export const createSettingsApi = (deps: SettingsApiDeps): RouteHandlers<typeof settingsRoutes> => ({
  getSettings: async () => settingsReply(await deps.settings()),

  updateSettings: async ({ version, body: patch, caller, requestId }) =>
    settingsReply(await deps.changeSettings(version, patch, { sub: caller.sub, requestId })),

  previewSettings: async ({ body: patch }) => ({ status: 200, body: await deps.previewSettings(patch) }),
});
