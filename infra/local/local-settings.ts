import type { StageSettings } from '../stages.ts';

/**
 * What the stage on this machine has, whatever `stages.ts` says of it: emails can be read here before anybody entered
 * where they come from on AWS.
 */
export const LOCAL_SETTINGS = {
  siteUrl: 'https://dev.coaches.example.org',
  noticeMail: {
    from: 'no-reply@dev.coaches.example.org',
    verifiedDomain: 'dev.coaches.example.org',
    admins: ['coach-dashboard-dev@example.org'],
  },
} satisfies Partial<StageSettings>;
