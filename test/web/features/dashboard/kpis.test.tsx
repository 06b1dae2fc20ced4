import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { DashboardView, Kpi } from '#shared/dashboard/contract.ts';
import { Kpis } from '#web/features/dashboard/kpis.tsx';
import { ConfigProvider } from '#web/shared/identity/config.ts';
import { CONFIG } from '../../config.ts';

const kpi = (facts: Partial<Kpi> = {}): Kpi => ({
  state: 'ok',
  value: 9,
  unit: 'count',
  count: null,
  of: 14,
  change: 1,
  comparedWith: 'vs Oct 1–19',
  spark: [1, 5, 9],
  footnote: '1 idle',
  asOf: '2026-11-19T19:40:00.000Z',
  ...facts,
});

function drawn(facts: Partial<Kpi>, freshness: Partial<DashboardView['freshness']> = {}): string {
  const data = {
    freshness: { state: 'live', ...freshness },
    kpis: {
      active: kpi(facts),
      registered: kpi(),
      enrollment: kpi(),
      solved: { ...kpi(), odl: 6, ctf: 3 },
      ctfParticipation: kpi(),
    },
  } as DashboardView;
  const html = renderToStaticMarkup(
    <ConfigProvider value={CONFIG}>
      <Kpis data={data} freshnessBar={{ length: 0.8, overdue: false }} />
    </ConfigProvider>,
  );
  return html.slice(0, html.indexOf('aria-label="Registered Competitors"'));
}

describe('a KPI card', () => {
  test('shows the figure, the share, the change in words and the finding of its sparkline', () => {
    const card = drawn({});
    expect(card).toContain('of 14');
    expect(card).toContain('up</span>1');
    expect(card).toContain('vs Oct 1–19');
    expect(card).toContain('aria-label="Active on Platform: 9 now, 1 at the start, 9 at the most."');
  });

  test('that never had data shows no zero, no change, no course and no freshness bar', () => {
    const card = drawn({ state: 'never', value: null, change: null, asOf: null });
    expect(card).toContain('None yet');
    expect(card).not.toContain('role="img"');
    expect(card).not.toContain('freshness-bar');
    expect(card).not.toContain('vs Oct 1–19');
  });

  test('says that it is partial, with a word', () => {
    expect(drawn({ state: 'partial' })).toContain('Partial');
  });

  test('says how old it is once reads are late', () => {
    expect(drawn({}, { state: 'stale' })).toMatch(/as of [^<]*11:40 AM/);
  });
});
