import type { Competitor } from '#shared/competitors/competitor.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { CompetitorDay, FlashResult, Solve, SyncState } from '#shared/score-sync/score-records.ts';
import { UNTRIED, type Team } from '#shared/teams/team.ts';

/** Invented records for tests: a complete one of each kind, with what a test cares about written over it. */

export const aCompetitor = (over: Partial<Competitor> = {}): Competitor => ({
  id: 'cmp_1',
  version: 1,
  coachId: 'coach_1',
  firstName: 'Amara',
  lastName: 'Quill',
  email: 'amara.quill@example.org',
  adult: false,
  schoolEmail: null,
  guardianName: 'Ife Quill',
  guardianEmail: 'ife.quill@example.org',
  grade: 11,
  division: 'high_school',
  participationAgreementDate: null,
  mediaReleaseDate: '2026-09-01',
  consentWithdrawnDate: null,
  active: true,
  season: null,
  teamId: null,
  teamJoinedAt: null,
  gamePlatformId: 'cmp_1',
  platform: {
    userId: 7,
    username: 'amara.quill',
    accountStatus: 'approved',
    lastLoginAt: '2026-11-20T18:00:00.000Z',
    onboardedAt: '2026-09-05T18:00:00.000Z',
    checkedAt: '2026-11-20T18:00:00.000Z',
    refusal: null,
  },
  createdAt: '2026-09-01T18:00:00.000Z',
  updatedAt: '2026-09-05T18:00:00.000Z',
  ...over,
});

/** A competitor who was never put on the platform. */
export const aNewcomer = (over: Partial<Competitor> = {}): Competitor =>
  aCompetitor({
    gamePlatformId: null,
    platform: {
      userId: null,
      username: null,
      accountStatus: null,
      lastLoginAt: null,
      onboardedAt: null,
      checkedAt: null,
      refusal: null,
    },
    ...over,
  });

export const aTeam = (over: Partial<Team> = {}): Team => ({
  id: 'team_1',
  version: 1,
  coachId: 'coach_1',
  name: 'Packet Foxes',
  affiliation: 'Cedar Hollow School',
  division: 'high_school',
  createdAt: '2026-09-01T18:00:00.000Z',
  updatedAt: '2026-09-01T18:00:00.000Z',
  members: [],
  ...UNTRIED,
  ...over,
});

export const aDay = (over: Partial<CompetitorDay> = {}): CompetitorDay => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  day: '2026-11-20',
  odl: 1,
  ctf: 0,
  odlPoints: 100,
  ctfPoints: 0,
  lastSolveAt: '2026-11-20T23:00:00.000Z',
  ...over,
});

export const aSolve = (over: Partial<Solve> = {}): Solve => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  source: 'odl',
  eventId: 'odl',
  solveId: 1,
  challengeId: 1,
  title: 'Caesar at Sea',
  points: 100,
  category: 'crypto',
  solvedAt: '2026-11-20T23:00:00.000Z',
  day: '2026-11-20',
  retired: false,
  workRoles: [],
  storedAt: '2026-11-20T23:30:00.000Z',
  ...over,
});

export const aSyncState = (over: Partial<SyncState> = {}): SyncState => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  gamePlatformId: 'cmp_1',
  cursorUnix: 1_790_000_000,
  lastReadAt: '2026-11-24T19:30:00.000Z',
  lastFlashReadAt: '2026-11-24T18:00:00.000Z',
  lastFailure: null,
  ...over,
});

export const aFlashResult = (over: Partial<FlashResult> = {}): FlashResult => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  eventId: 'november',
  eventName: 'November Flash CTF',
  startsAt: '2026-11-13T22:00:00.000Z',
  endsAt: '2026-11-14T00:00:00.000Z',
  solved: 3,
  points: 600,
  maxPoints: 2_000,
  rank: 12,
  readAt: '2026-11-14T06:00:00.000Z',
  ...over,
});

/** A part that nobody was told of yet. */
export const aJobPart = (over: Partial<JobPart> = {}): JobPart => ({
  jobId: 'job_1',
  part: 0,
  taskType: 'game_platform_sync',
  status: 'pending',
  subjects: [],
  attempts: 0,
  sentAt: null,
  claimedUntil: null,
  startedAt: null,
  finishedAt: null,
  counts: {},
  error: null,
  ...over,
});
