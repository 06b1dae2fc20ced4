import type { SyncBadge, TeamMember, TeamView } from '#shared/teams/contract.ts';

/** Invented teams for the tests of the site. */

const AT = '2026-11-19T15:36:00.000Z';

export const badge = (over: Partial<SyncBadge> = {}): SyncBadge => ({
  state: 'synced',
  reason: null,
  remedy: null,
  lastSuccessAt: AT,
  ...over,
});

export const member = (competitorId: string, over: Partial<TeamMember> = {}): TeamMember => ({
  competitorId,
  name: `Sam ${competitorId}`,
  badge: badge(),
  approved: true,
  lastEditSeconds: 14,
  ...over,
});

export const team = (id: string, over: Partial<TeamView> = {}): TeamView => ({
  id,
  version: 1,
  coachId: 'coach-01',
  name: `Team ${id}`,
  division: 'high_school',
  affiliation: 'Cedar Hollow School',
  badge: badge(),
  drift: null,
  members: [],
  leaving: [],
  createdAt: AT,
  updatedAt: AT,
  ...over,
});
