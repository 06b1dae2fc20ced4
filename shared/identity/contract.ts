import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';

/** `GET /api/me`. */
export const meViewSchema = z.object({
  sub: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  role: z.enum(['coach', 'admin']),
  /** The signed-in coach's own profile; for an admin, the coach acted as; null otherwise. */
  coach: z.object({ id: z.string(), name: z.string(), school: z.string() }).nullable(),
  /** The coach an admin acts as, from `X-Act-As`. */
  actingAs: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What is switched on for that coach; null for an admin who acts as nobody: each coach's own switches count. */
  features: z.object({ onboarding: z.boolean() }).nullable(),
});
export type MeView = z.infer<typeof meViewSchema>;

/** `GET /api/config`: public, holds nothing secret. */
export const configViewSchema = z.object({
  stage: z.string(),
  version: z.string(),
  signIn: z.object({
    /** OIDC issuer of the access tokens. */
    issuer: z.url(),
    clientId: z.string(),
    /** Base URL of the managed login: `/oauth2/authorize`, `/oauth2/token`, `/oauth2/revoke`, `/logout`. */
    loginUrl: z.url(),
    scopes: z.array(z.string()),
  }),
  timeZone: z.string(),
  /** Minutes without use after which the site signs its user out. */
  idleSignOutMinutes: z.number().positive(),
  features: z.record(z.string(), z.boolean()),
});
export type ConfigView = z.infer<typeof configViewSchema>;

export const healthViewSchema = z.object({ status: z.literal('ok'), version: z.string(), stage: z.string() });

export const publicRoutes = {
  health: route('GET', '/api/health', {
    served: 'public-api',
    access: 'public',
    rate: 'read',
    summary: 'Whether the API answers, and which version',
    success: { status: 200, description: 'It does.', schema: healthViewSchema },
  }),
  config: route('GET', '/api/config', {
    served: 'public-api',
    access: 'public',
    rate: 'read',
    summary: 'What the site needs to sign somebody in',
    success: { status: 200, description: 'Public settings.', schema: configViewSchema },
  }),
  openApi: route('GET', '/api/openapi.json', {
    served: 'public-api',
    access: 'public',
    rate: 'read',
    summary: 'This document',
    success: { status: 200, description: 'OpenAPI 3.1.' },
  }),
} as const;

export const identityRoutes = {
  me: route('GET', '/api/me', {
    served: 'competitors-api',
    access: 'any',
    rate: 'read',
    summary: 'Who is signed in',
    success: { status: 200, description: 'Identity, role and coach profile.', schema: meViewSchema },
    actAs: true,
  }),
} as const;
