import type { SyncHealthView } from '#shared/score-sync/contract.ts';
import { count, counted } from '#shared/kernel/format.ts';
import { linearScale } from '#web/shared/charts/sparkline.tsx';
import { Empty, Panel } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { Plot, Swatch } from './plot.tsx';
import { ARM_COLORS, armName, tierWaits, waitsFinding, type TierWaits } from './sync-health-labels.ts';

const HEIGHT = 148;
const TOP = 20;
const BOTTOM = 24;
/** One among thousands is still to be seen. */
const LEAST = 2;

/** How long people had waited when they were read: a histogram for each tier, stacked by variant. */
export function Waits({ lag, when, asOf }: { lag: SyncHealthView['lag']; when: string; asOf: string }) {
  const tiers = tierWaits(lag);
  const arms = [...new Set(lag.groups.map(({ arm }) => arm))];
  const reads = tiers.reduce((sum, tier) => sum + tier.reads, 0);
  return (
    <Panel label="Waits between reads">
      <div className="panel-head">
        <h2>Waits between reads</h2>
        <span className="as-of">
          {counted(reads, 'read')} {when}, by how active the person is
        </span>
      </div>
      {reads === 0 ? (
        <Empty kind="never" title={`No waits ${when}`}>
          A wait is the time between two reads of the same person. It shows from the second read on.
        </Empty>
      ) : (
        <>
          <div className="panel-body grid gap-x-8 gap-y-6 lg:grid-cols-3">
            {tiers.map((tier) => (
              <Histogram key={tier.tier} tier={tier} slaHours={lag.slaHours} />
            ))}
          </div>
          <div className="panel-foot">
            <span className="key">
              {arms.map((arm) => (
                <span key={arm}>
                  <Swatch color={colorOf(arm)} /> {armName(arm)}
                </span>
              ))}
              <span>
                <Swatch color="var(--warning)" /> Longer than promised
              </span>
            </span>
            <DataTable
              caption={`Waits between reads ${when}`}
              asOf={asOf}
              columns={['Tier', 'Wait', ...arms.map(armName), 'All', 'Late']}
              rows={tiers.flatMap((tier) =>
                tier.bins.map((bin) => ({
                  key: `${tier.tier} ${bin.upTo}`,
                  cells: [
                    tier.name,
                    bin.words,
                    ...arms.map((arm) => bin.byArm.find((one) => one.arm === arm)?.reads ?? 0),
                    bin.total,
                    bin.late ? 'yes' : 'no',
                  ],
                })),
              )}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

const colorOf = (arm: string): string => ARM_COLORS[arm] ?? 'var(--s4)';

function Histogram({ tier, slaHours }: { tier: TierWaits; slaHours: number }) {
  const { name, reads, late, bins } = tier;
  const most = Math.max(1, ...bins.map(({ total }) => total));
  const y = linearScale([0, most], [HEIGHT - BOTTOM, TOP]);
  const firstLate = bins.findIndex((bin) => bin.late);
  return (
    <div className="grid content-start gap-2">
      <div>
        <h3 className="text-13 font-medium">
          {name} <span className="font-normal text-muted">{counted(reads, 'read')}</span>
        </h3>
        <p className="text-12 text-muted">
          {reads === 0
            ? 'no one was read'
            : late === 0
              ? `none later than ${counted(slaHours, 'hour')}`
              : `${count(late)} later than ${counted(slaHours, 'hour')}`}
        </p>
      </div>
      <Plot height={HEIGHT} label={waitsFinding(tier)}>
        {(width) => {
          const step = width / bins.length;
          return (
            <>
              <line x1={0} x2={width} y1={y(0)} y2={y(0)} stroke="var(--line-strong)" />
              {bins.map((bin, index) => {
                let below = 0;
                return (
                  <g key={bin.upTo}>
                    {bin.byArm.map(({ arm, reads: some }) => {
                      const foot = below;
                      below += some;
                      return (
                        some > 0 && (
                          <rect
                            key={arm}
                            x={index * step + 1.5}
                            width={step - 3}
                            y={Math.min(y(foot) - LEAST, y(foot + some))}
                            height={Math.max(LEAST, y(foot) - y(foot + some))}
                            fill={bin.late ? 'var(--warning)' : colorOf(arm)}
                            stroke="var(--surface-1)"
                            strokeWidth={bin.byArm.length > 1 ? 0.5 : 0}
                          />
                        )
                      );
                    })}
                    {bin.total > 0 && (
                      <text x={(index + 0.5) * step} y={y(bin.total) - 5} textAnchor="middle">
                        {count(bin.total)}
                      </text>
                    )}
                    <text x={(index + 0.5) * step} y={HEIGHT - 6} textAnchor="middle">
                      {index % 2 === 0 || step > 52 ? bin.upTo.replace(' min', 'm').replace(' hr', 'h') : ''}
                    </text>
                  </g>
                );
              })}
              {firstLate > 0 && (
                <line
                  x1={firstLate * step}
                  x2={firstLate * step}
                  y1={TOP - 8}
                  y2={y(0)}
                  stroke="var(--text-2)"
                  strokeDasharray="4 3"
                />
              )}
            </>
          );
        }}
      </Plot>
    </div>
  );
}
