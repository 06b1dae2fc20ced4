import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { loginHost, physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';

/** The site runs its own scripts and styles only, and talks to itself and to the sign-in. */
const sitePolicy = (stage: StageSettings): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' https://${loginHost(stage)} https://cognito-idp.${stage.region}.amazonaws.com`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');

/** What the API answers is data: nothing in it may ever be run or shown as a page. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers of the site's files. */
export const createSiteHeaders = (
  scope: Construct,
  id: string,
  stage: StageSettings,
): ResponseHeadersPolicy => createHeaders(scope, id, physicalName(stage, 'site'), sitePolicy(stage));

/** Headers of the API's answers. */
export const createApiHeaders = (scope: Construct, id: string, stage: StageSettings): ResponseHeadersPolicy =>
  createHeaders(scope, id, physicalName(stage, 'api'), API_POLICY);

/** A policy and not a function: CloudFront runs functions on responses below status 400 only. */
function createHeaders(scope: Construct, id: string, name: string, contentSecurityPolicy: string) {
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: name,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(730),
        includeSubdomains: true,
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
        { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
        {
          header: 'Permissions-Policy',
          value: 'camera=(), geolocation=(), microphone=(), payment=()',
          override: true,
        },
      ],
    },
  });
}
