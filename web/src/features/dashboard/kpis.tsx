import type { DashboardView, Kpi } from '#shared/dashboard/contract.ts';
import { ArrowDown, ArrowUp, Clock, Minus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Sparkline } from '../../shared/charts/sparkline.tsx';
import { count } from '../../shared/format/numbers.ts';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { Badge } from '../../shared/ui/badge.tsx';
import { classNames } from '../../shared/ui/class-names.ts';
import type { Fuse } from '../../shared/ui/fuse.ts';
import { Panel } from '../../shared/ui/panel.tsx';
import { Twin } from '../../shared/ui/twin.tsx';
import { kpiChange, kpiShare, kpiValue, sparkFinding } from './kpi-words.ts';

/** Five cards, in fixed order, and the same figures as a table. */
export function Kpis({ data, fuse }: { data: DashboardView; fuse: Fuse | null }) {
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
            fuse={fuse}
            freshness={data.freshness}
            foot={foot}
          />
        ))}
      </div>
      <Twin
        caption="Key figures"
        columns={['Figure', 'Value', 'Change', 'As of', 'Course, oldest first']}
        rows={cards.map(({ name, kpi }) => ({
          key: name,
          cells: [
            name,
            `${kpiValue(kpi)}${kpi.value !== null && kpi.unit === 'percent' ? ' %' : ''} ${kpiShare(kpi) ?? ''}`,
            changeText(kpi),
            kpi.asOf === null ? 'never read' : moment(kpi.asOf, timeZone, now),
            kpi.spark.map((value) => count(Math.round(value * 10) / 10)).join(', ') || 'none yet',
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
  readonly fuse: Fuse | null;
  readonly freshness: DashboardView['freshness'];
  readonly foot: ReactNode;
}

function KpiCard({ name, kpi, bars, fuse, freshness, foot }: KpiCardProps) {
  const never = kpi.state === 'never' || kpi.value === null;
  const share = kpiShare(kpi);
  return (
    <Panel label={name} fuse={never ? null : fuse} className="kpi">
      <h2>{name}</h2>
      {never ? (
        <p className="figure none">None yet</p>
      ) : (
        <p className="figure">
          {kpiValue(kpi)}
          {kpi.unit === 'percent' && <small className="unit">%</small>}
          {share !== null && <small>{share}</small>}
        </p>
      )}
      <div className="meta">
        <Meta kpi={kpi} never={never} stale={freshness.state === 'stale'} />
      </div>
      <div className="spark">
        {kpi.spark.length > 1 && !never && (
          <Sparkline values={kpi.spark} kind={bars ? 'bars' : 'line'} label={sparkFinding(name, kpi.spark)} />
        )}
      </div>
      <div className="foot">{never ? kpi.footnote : (foot ?? kpi.footnote)}</div>
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
