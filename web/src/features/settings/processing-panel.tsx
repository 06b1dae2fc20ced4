import type { SettingsView } from '#shared/settings/contract.ts';
import { duration, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Panel } from '#web/shared/ui/panel.tsx';
import { PROCESSING } from '#web/shared/settings/setting-fields.ts';
import { SettingRow, type SettingRowProps } from './setting-row.tsx';

/** Whether anything runs, since when and why not. */
export function ProcessingPanel({
  processing: { enabled, reason, changedAt },
  ...row
}: { readonly processing: SettingsView['processing'] } & Omit<SettingRowProps, 'field' | 'idle'>) {
  const { timeZone } = useConfig();
  const now = useNow();
  const since = changedAt === null ? null : moment(changedAt, timeZone, now);
  const minutes = changedAt === null ? 0 : Math.floor((now.getTime() - Date.parse(changedAt)) / 60_000);
  return (
    <Panel label="Processing">
      <div className="panel-head pb-3.5">
        <h2>{enabled ? 'Processing is on' : 'Processing is off'}</h2>
        <span className="as-of">
          {since === null
            ? 'always has been'
            : enabled
              ? `since ${since}`
              : `since ${since}, for ${minutes < 1 ? 'less than a minute' : duration(minutes * 60_000)}`}
        </span>
      </div>
      {!enabled && reason !== null && (
        <p className="px-4 pb-3.5 text-13 text-text-2 sm:px-5">
          Reason: “<bdi>{reason}</bdi>”
        </p>
      )}
      <SettingRow
        field={{
          ...PROCESSING,
          hint: `${PROCESSING.hint} Coaches can keep editing, and nothing is lost however long it lasts. An alarm tells of it after a day. On again, work goes on within a minute.`,
        }}
        idle={false}
        {...row}
      />
    </Panel>
  );
}
