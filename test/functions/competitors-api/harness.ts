import { expect } from 'vitest';
import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import type { Table } from '#shared/table/table.ts';
import { buildDependencies } from '../../../functions/competitors-api/dependencies.ts';
import { apiOn, type Answer, type Call } from '../api-harness.ts';

export interface CompetitorsApiHarness {
  readonly table: Table;
  readonly call: (route: RouteKeyOf<'competitors-api'>, call?: Call) => Promise<Answer>;
  /** Adds a competitor of whoever calls. */
  readonly created: (call?: Call, body?: unknown) => Promise<CompetitorView>;
}

export async function competitorsApiOn(table: Table): Promise<CompetitorsApiHarness> {
  const call = await apiOn(table, 'competitors-api', buildDependencies);
  const created: CompetitorsApiHarness['created'] = async (
    as = {},
    body = { firstName: 'Mira', lastName: 'Okafor' },
  ) => {
    const answer = await call('POST /api/competitors', { ...as, body });
    expect(answer.status).toBe(201);
    return competitorViewSchema.parse(answer.body);
  };
  return { table, call, created };
}
