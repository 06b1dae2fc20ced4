import type { SettingsPreview } from '#shared/settings/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { effectRows, effectSentence, problemSentence } from './setting-effects.ts';

interface EffectPanelProps {
  readonly preview: SettingsPreview | undefined;
  readonly changes: number;
  /** The preview of the last change is on its way. */
  readonly busy: boolean;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What an ordinary day comes to, now and after the changes. */
export function EffectPanel({ preview, changes, busy, error, onRetry }: EffectPanelProps) {
  return (
    <Panel label="Effect" busy={busy}>
      <div className="panel-head">
        <h2>{changes === 0 ? 'What the settings come to' : 'What the changes do'}</h2>
        <span className="as-of">{changes === 0 ? 'an ordinary day' : 'before saving'}</span>
      </div>
      {preview === undefined ? (
        error === null ? (
          <SkeletonRows label="the effect" rows={4} />
        ) : (
          <div className="panel-body">
            <LoadFailure what="The effect" error={error} onRetry={onRetry} retrying={busy} />
          </div>
        )
      ) : (
        <Effect preview={preview} changed={changes > 0} />
      )}
    </Panel>
  );
}

/** The effect without a panel around it, for a dialog. */
export function Effect({ preview, changed }: { preview: SettingsPreview; changed: boolean }) {
  const { now, after, feasibility, callsToday } = preview;
  const kept = feasibility.problems.length === 0;
  return (
    <>
      <div className="panel-body grid flex-initial gap-2 !pb-3">
        <output className={`text-14 font-medium ${kept ? '' : 'text-error'}`}>
          {effectSentence(preview)}
        </output>
        {!kept && (
          <ul className="grid gap-1 text-13 text-text-2">
            {feasibility.problems.map(({ path }) => (
              <li key={path}>{problemSentence(path, preview)}</li>
            ))}
          </ul>
        )}
      </div>
      {now !== null && after !== null && (
        <table className="table tight">
          <caption className="sr-only">An ordinary day, now and after the changes</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">Measure</span>
              </th>
              <th scope="col" className="num">
                Now
              </th>
              {changed && (
                <th scope="col" className="num">
                  After
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {effectRows(now, after).map(({ name, now: was, after: is, worse }) => (
              <tr key={name}>
                <th scope="row" className="!font-normal">
                  {name}
                </th>
                <td className="num">{was}</td>
                {changed && <td className={worse ? 'num text-error' : 'num'}>{is}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="panel-foot">
        Calls today so far: {count(callsToday)}. Worked out from who is how active now; Flash CTFs, rosters
        and totals come on top.
      </p>
    </>
  );
}
