import type { DashboardView, Kpi } from '#shared/dashboard/contract.ts';
import { Sparkline } from '#web/shared/charts/sparkline.tsx';
import { count, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import type { FreshnessBar } from '#web/shared/freshness/freshness-bar.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { Panel } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { ArrowDown, ArrowUp, Clock, Minus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { kpiChange, kpiShare, kpiValue, sparkFinding } from './kpi-labels.ts';

/** Five cards, in fixed order, and the same figures as a table. */
export function Kpis({ data, freshnessBar }: { data: DashboardView; freshnessBar: FreshnessBar | null }) {
  const { active, registered, enrollment, solved, ctfParticipation } = data.kpis;
  const cards = [
    { name: 'Active on Platform', kpi: active },
    { name: 'Registered Competitors', kpi: registered },
    { name: 'Team Enrollment', kpi: enrollment },
    {
      name: 'Total Challenges Solved',
      kpi: solved,
      bars: true,
      foot: <OdlAndCtf odl={solved.odl} ctf={solved.ctf} />,
    },
    { name: 'Monthly CTF Participation', kpi: ctfParticipation },
  ];
  const now = useNow();
  const { timeZone } = useConfig();
  return (
    <section aria-label="Key figures" className="grid gap-2">
      <div className="kpis">
        {cards.map(({ name, kpi, bars = false, foot }) => (
          <KpiCard
            key={name}
            name={name}
            kpi={kpi}
            bars={bars}
            freshnessBar={freshnessBar}
            freshness={data.freshness}
            foot={foot}
          />
        ))}
      </div>
      <DataTable
        caption="Key figures"
        asOf={data.freshness.asOf}
        columns={['Figure', 'Value', 'Change', 'As of', 'Daily values']}
        rows={cards.map(({ name, kpi }) => ({
          key: name,
          cells: [
            name,
            `${kpiValue(kpi)}${kpi.value !== null && kpi.unit === 'percent' ? '%' : ''} ${kpiShare(kpi) ?? ''}`,
            changeText(kpi),
            { at: kpi.asOf, words: kpi.asOf === null ? 'never read' : moment(kpi.asOf, timeZone, now) },
            kpi.spark
              .map((value) => `${count(Math.round(value * 10) / 10)}${kpi.unit === 'percent' ? '%' : ''}`)
              .join(', ') || 'none yet',
          ],
        }))}
      />
    </section>
  );
}

function changeText(kpi: Kpi): string {
  const change = kpiChange(kpi);
  if (change === null) return 'not known';
  const sign = { up: '+', down: '−', flat: '' }[change.direction];
  return `${sign}${change.text} ${kpi.comparedWith}`;
}

const OdlAndCtf = ({ odl, ctf }: { odl: number; ctf: number }) => (
  <span className="flex justify-between gap-2">
    <span>
      ODL <b className="text-text-2">{count(odl)}</b>
    </span>
    <span>
      CTF <b className="text-text-2">{count(ctf)}</b>
    </span>
  </span>
);

interface KpiCardProps {
  readonly name: string;
  readonly kpi: Kpi;
  readonly bars: boolean;
  readonly freshnessBar: FreshnessBar | null;
  readonly freshness: DashboardView['freshness'];
  readonly foot: ReactNode;
}

const FIGURE = 'mt-1.5 flex flex-wrap items-baseline gap-x-2 leading-(--lh-36) font-figure tabular-nums';
const SMALL = 'text-14 leading-none font-normal tracking-normal text-muted';

function KpiCard({ name, kpi, bars, freshnessBar, freshness, foot }: KpiCardProps) {
  const never = kpi.state === 'never' || kpi.value === null;
  const share = kpiShare(kpi);
  return (
    <Panel label={name} freshnessBar={never ? null : freshnessBar} className="kpi">
      <h2 className="text-13 text-text-2">{name}</h2>
      {never ? (
        <p className={classNames(FIGURE, 'text-[length:var(--fs-20)] tracking-[-.015em] text-text-2')}>
          None yet
        </p>
      ) : (
        <p className={classNames(FIGURE, 'text-36 tracking-[-.035em]')}>
          {kpiValue(kpi)}
          {kpi.unit === 'percent' && <small className={classNames(SMALL, '-ml-1.5')}>%</small>}
          {share !== null && <small className={SMALL}>{share}</small>}
        </p>
      )}
      <div className="flex min-h-5 flex-wrap items-center gap-x-1.5 gap-y-0.5 text-12 text-muted">
        <Meta kpi={kpi} never={never} stale={freshness.state === 'stale'} />
      </div>
      <div className="mt-auto min-h-12 pt-3">
        {kpi.spark.length > 1 && !never && (
          <Sparkline
            values={kpi.spark}
            kind={bars ? 'bars' : 'line'}
            label={sparkFinding(name, kpi.spark, kpi.unit)}
          />
        )}
      </div>
      <div className="mt-1.5 border-t border-line pt-2 text-12 text-muted">
        {never ? kpi.footnote : (foot ?? kpi.footnote)}
      </div>
    </Panel>
  );
}

function Meta({ kpi, never, stale }: { kpi: Kpi; never: boolean; stale: boolean }) {
  const now = useNow();
  const { timeZone } = useConfig();
  const change = never ? null : kpiChange(kpi);
  const Arrow = change === null ? Minus : { up: ArrowUp, down: ArrowDown, flat: Minus }[change.direction];
  return (
    <>
      {kpi.state === 'partial' && (
        <Badge tone="warning" icon={TriangleAlert}>
          Partial
        </Badge>
      )}
      {stale && kpi.asOf !== null && (
        <span className="flex items-center gap-1 text-warning">
          <Clock size={14} aria-hidden /> as of {moment(kpi.asOf, timeZone, now)}
        </span>
      )}
      {change !== null && (
        <>
          <span className={classNames('delta', change.direction)}>
            <Arrow size={12} strokeWidth={2.4} aria-hidden />
            {change.direction !== 'flat' && <span className="sr-only">{change.direction}</span>}
            {change.text}
          </span>
          <span>{kpi.comparedWith}</span>
        </>
      )}
    </>
  );
}
