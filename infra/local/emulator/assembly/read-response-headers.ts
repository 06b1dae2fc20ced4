import * as z from 'zod';
import type { AssemblyResources } from './resource-view.ts';

const configSchema = z.object({
  SecurityHeadersConfig: z
    .object({
      ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string() }).optional(),
      ContentTypeOptions: z.object({}).optional(),
      FrameOptions: z.object({ FrameOption: z.string() }).optional(),
      ReferrerPolicy: z.object({ ReferrerPolicy: z.string() }).optional(),
      StrictTransportSecurity: z
        .object({
          AccessControlMaxAgeSec: z.number(),
          IncludeSubdomains: z.boolean().default(false),
          Preload: z.boolean().default(false),
        })
        .optional(),
      XSSProtection: z.object({ Protection: z.boolean(), ModeBlock: z.boolean().default(false) }).optional(),
    })
    .default({}),
  CustomHeadersConfig: z
    .object({ Items: z.array(z.object({ Header: z.string(), Value: z.string() })) })
    .default({ Items: [] }),
});

/** The headers that a response headers policy of the template adds; none for AWS's own policies. */
export function readResponseHeaders(
  resources: AssemblyResources,
  policyId: string | undefined,
): Readonly<Record<string, string>> {
  const policy = resources
    .ofType('AWS::CloudFront::ResponseHeadersPolicy')
    .find((view) => policyId !== undefined && view.ref() === policyId);
  if (policy === undefined) return {};
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = policy.read({
    ResponseHeadersPolicyConfig: configSchema,
  }).ResponseHeadersPolicyConfig;
  const headers: Record<string, string> = {};
  const transport = security.StrictTransportSecurity;
  if (transport !== undefined) {
    headers['strict-transport-security'] = [
      `max-age=${transport.AccessControlMaxAgeSec}`,
      ...(transport.IncludeSubdomains ? ['includeSubDomains'] : []),
      ...(transport.Preload ? ['preload'] : []),
    ].join('; ');
  }
  if (security.ContentSecurityPolicy !== undefined) {
    headers['content-security-policy'] = security.ContentSecurityPolicy.ContentSecurityPolicy;
  }
  if (security.ContentTypeOptions !== undefined) headers['x-content-type-options'] = 'nosniff';
  if (security.FrameOptions !== undefined) headers['x-frame-options'] = security.FrameOptions.FrameOption;
  if (security.ReferrerPolicy !== undefined)
    headers['referrer-policy'] = security.ReferrerPolicy.ReferrerPolicy;
  if (security.XSSProtection !== undefined) {
    const { Protection, ModeBlock } = security.XSSProtection;
    headers['x-xss-protection'] = `${Protection ? 1 : 0}${ModeBlock ? '; mode=block' : ''}`;
  }
  for (const { Header, Value } of custom.Items) headers[Header.toLowerCase()] = Value;
  return headers;
}
