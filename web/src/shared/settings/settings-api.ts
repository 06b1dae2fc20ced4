import { settingsRoutes, type SettingsPatch, type SettingsView } from '#shared/settings/contract.ts';
import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

/** `GET /api/admin/settings`. */
export const settingsQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['settings'],
    queryFn: ({ signal }) => readRoute(api, settingsRoutes.getSettings, { signal }),
    // A form is open: what someone else saves meanwhile is settled when this one is saved.
    refetchOnWindowFocus: false,
  });

/** `PATCH /api/admin/settings`: 412 when someone else saved first. */
export const updateSettings = (
  api: ApiClient,
  input: { readonly version: number; readonly patch: SettingsPatch },
): Promise<SettingsView> =>
  writeRoute(api, settingsRoutes.updateSettings, { version: input.version, body: input.patch });

const UNTIL_COUNTED_MS = 5_000;

/** `POST /api/admin/settings/preview`: the effect of a change; the last one stays on screen until the next is known. */
export const previewQuery = (
  api: ApiClient,
  { version, patch }: { readonly version: number; readonly patch: SettingsPatch },
) =>
  queryOptions({
    // What a change comes to depends on what it changes.
    queryKey: ['settings-preview', version, patch],
    queryFn: () => writeRoute(api, settingsRoutes.previewSettings, { body: patch }),
    placeholderData: keepPreviousData,
    retry: false,
    // Until the first round has counted who there is.
    refetchInterval: ({ state }) => (state.data?.after === null ? UNTIL_COUNTED_MS : false),
    staleTime: 60_000,
  });
