import { describe, expect, test } from 'vitest';
import { ROUTES } from '#shared/http/routes.ts';
import type { Access } from '#shared/kernel/contract.ts';

/** Who may call: everybody; the signed-in; coaches and admins, each their own; admins. */
const ACCESS = { anyone: 'public', any: 'any', coach: 'coach', admin: 'admin' } as const satisfies Record<
  string,
  Access
>;

/** The calls that the API promises, as its description lists them: who, method, path. */
const PROMISED = `
anyone  GET     /api/health
anyone  GET     /api/config
any     GET     /api/me
anyone  GET     /api/openapi.json
coach   GET     /api/jobs/{}
coach   GET     /api/jobs/{}/rows
coach   GET     /api/competitors
coach   POST    /api/competitors
coach   POST    /api/competitors/search
coach   GET     /api/competitors/{}
coach   PATCH   /api/competitors/{}
coach   DELETE  /api/competitors/{}
coach   GET     /api/competitors/{}/export
coach   POST    /api/competitors/import
coach   POST    /api/competitors/import/{}/apply
coach   GET     /api/competitors/import/template.csv
coach   POST    /api/game-platform/competitors/{}
coach   POST    /api/game-platform/competitors/onboard
coach   POST    /api/game-platform/competitors/{}/sync
coach   POST    /api/game-platform/competitors/{}/link
coach   POST    /api/game-platform/competitors/{}/password-reset
coach   GET     /api/game-platform/competitors/{}/report-card
coach   GET     /api/teams
coach   POST    /api/teams
coach   GET     /api/teams/{}
coach   PATCH   /api/teams/{}
coach   DELETE  /api/teams/{}
coach   PUT     /api/teams/{}/members/{}
coach   DELETE  /api/teams/{}/members/{}
coach   POST    /api/game-platform/teams/{}/sync
coach   POST    /api/game-platform/teams/{}/recreate
admin   POST    /api/game-platform/scores/sync
coach   GET     /api/game-platform/dashboard
coach   GET     /api/game-platform/activity
any     GET     /api/game-platform/freshness
coach   GET     /api/game-platform/alerts
coach   POST    /api/game-platform/alerts/{}/snooze
coach   POST    /api/game-platform/alerts/{}/wake
coach   GET     /api/game-platform/edit-times
coach   GET     /api/game-platform/exports/leaderboard.csv
coach   GET     /api/game-platform/exports/solves.csv
coach   GET     /api/game-platform/exports/roster.csv
coach   GET     /api/game-platform/exports/flash-ctf.csv
admin   POST    /api/admin/competitors/move
admin   POST    /api/admin/season/roll-over
admin   GET     /api/admin/coaches
admin   POST    /api/admin/coaches
admin   PATCH   /api/admin/coaches/{}
admin   POST    /api/admin/coaches/{}/onboard
admin   GET     /api/admin/jobs
admin   POST    /api/admin/jobs
admin   GET     /api/admin/jobs/{}
admin   POST    /api/admin/jobs/{}/retry
admin   POST    /api/admin/jobs/{}/cancel
admin   GET     /api/admin/queues
admin   GET     /api/admin/queues/{}/dead-letters
admin   POST    /api/admin/queues/{}/redrive
admin   POST    /api/admin/queues/{}/discard
admin   GET     /api/admin/schedules
admin   POST    /api/admin/schedules
admin   PATCH   /api/admin/schedules/{}
admin   DELETE  /api/admin/schedules/{}
admin   POST    /api/admin/schedules/preview
admin   GET     /api/admin/sync-health
admin   GET     /api/admin/sync-runs
admin   GET     /api/admin/roster-plan
admin   POST    /api/admin/roster-plan/{}/confirm
admin   GET     /api/admin/quarantine
admin   GET     /api/admin/settings
admin   PATCH   /api/admin/settings
admin   GET     /api/admin/audit
admin   GET     /api/admin/audit.csv
`
  .trim()
  .split('\n')
  .map((line) => line.split(/\s+/));

const given = new Map<string, Access>(
  ROUTES.map(({ method, path, access }) => [`${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`, access]),
);

describe('the calls that the API promises', () => {
  test.each(PROMISED)('%s may: %s %s', (who, method, path) => {
    expect(given.get(`${method} ${path}`)).toBe(ACCESS[who as keyof typeof ACCESS]);
  });

  test('are each listed once', () => {
    expect(new Set(PROMISED.map(([, method, path]) => `${method} ${path}`)).size).toBe(PROMISED.length);
  });
});
