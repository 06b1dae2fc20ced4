import type { ConfigView } from '#shared/identity/contract.ts';

/** What `GET /api/config` answers. */
export const CONFIG: ConfigView = {
  stage: 'dev',
  version: '0.1.0',
  signIn: {
    issuer: 'https://issuer.example.org/pool',
    clientId: 'site',
    loginUrl: 'https://login.example.org',
    scopes: ['openid'],
  },
  timeZone: 'America/Los_Angeles',
  idleSignOutMinutes: 30,
  features: {},
};
