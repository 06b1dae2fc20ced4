import { moment } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import * as z from 'zod';
import { oldValues } from '#web/shared/settings/setting-values.ts';
import { settingsQuery } from '#web/shared/settings/settings-api.ts';
import { SettingsForm } from './settings-form.tsx';

/** For admins only: everything that can be changed without a deploy, and what a change comes to. */
export default function SettingsPage() {
  usePageTitle('Settings');
  return seesAllCoaches(useMe()) ? <Settings /> : <AdminsOnly page="Settings" what="the settings" />;
}

/** The audit log sends old values along, as JSON by path; they never enter the address. */
const putBackSchema = z.object({ putBack: z.record(z.string(), z.string()) });

function Settings() {
  const settings = useQuery(settingsQuery(useApi()));
  const { timeZone } = useConfig();
  const now = useNow();
  const sent = putBackSchema.safeParse(useLocation().state);
  const { data } = settings;
  const changedAt = data?.changedAt ?? null;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Settings</h1>
          <p className="sub">
            For the whole program. Every worker follows a saved change within 10 seconds.
            {changedAt !== null && ` Last changed ${moment(changedAt, timeZone, now)}.`}
          </p>
        </div>
      </div>
      {data !== undefined ? (
        <SettingsForm settings={data} putBack={sent.success ? oldValues(sent.data.putBack) : null} />
      ) : (
        <Panel label="Settings" busy={settings.isPending}>
          {settings.isError ? (
            <div className="panel-body">
              <LoadFailure
                what="The settings"
                safe="Nothing was changed."
                error={settings.error}
                onRetry={() => void settings.refetch()}
                retrying={settings.isFetching}
              />
            </div>
          ) : (
            <SkeletonRows label="the settings" rows={10} />
          )}
        </Panel>
      )}
    </>
  );
}
