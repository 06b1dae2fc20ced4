import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { STAGES } from '#infra/stages.ts';
import { ROUTES } from '#shared/http/routes.ts';
import type { Route } from '#shared/kernel/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const distributionSchema = z.object({
  DistributionConfig: z.object({
    Comment: z.string(),
    CacheBehaviors: z.array(z.looseObject({ PathPattern: z.string(), ResponseHeadersPolicyId: z.string() })),
    DefaultCacheBehavior: z.looseObject({
      ResponseHeadersPolicyId: z.string(),
      FunctionAssociations: z.array(z.unknown()),
    }),
    Origins: z.array(z.looseObject({ Id: z.string(), DomainName: z.string() })),
    WebACLId: z.string().optional(),
    CustomErrorResponses: z.unknown().optional(),
    DefaultRootObject: z.string(),
  }),
});

const headersSchema = z.object({
  ResponseHeadersPolicyConfig: z.object({
    SecurityHeadersConfig: z.looseObject({
      ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string(), Override: z.literal(true) }),
    }),
  }),
});

const ruleSchema = z.object({
  Name: z.string(),
  Statement: z.unknown(),
  Action: z.unknown().optional(),
  OverrideAction: z.unknown().optional(),
});
const exceptPathsSchema = z.object({
  NotStatement: z.object({
    Statement: z.object({
      RegexMatchStatement: z.object({
        FieldToMatch: z.unknown(),
        RegexString: z.string().max(512),
        TextTransformations: z.unknown(),
      }),
    }),
  }),
});

/** Managed policies of CloudFront, by the ids that AWS documents. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

export function edge(stage: SynthesizedStage): void {
  const distribution = () =>
    distributionSchema.parse(stage.only('AWS::CloudFront::Distribution').properties).DistributionConfig;
  const policyOf = (reference: string) => {
    const found = stage
      .ofType('AWS::CloudFront::ResponseHeadersPolicy')
      .find(({ id }) => reference === `<${id}>`);
    return headersSchema.parse(found?.properties).ResponseHeadersPolicyConfig.SecurityHeadersConfig;
  };

  const rules = () => z.array(ruleSchema).parse(stage.only('AWS::WAFv2::WebACL').properties['Rules']);
  const ruleOf = (name: string) => {
    const found = rules().find(({ Name }) => Name === name);
    if (found === undefined) throw new Error(`There is no rule ${name}.`);
    return found;
  };

  const viewerFunction = (name: string) => {
    const found = stage
      .ofType('AWS::CloudFront::Function')
      .find(({ properties }) => String(properties['Name']).endsWith(name));
    if (found === undefined) throw new Error(`There is no CloudFront function ${name}.`);
    return found;
  };

  it('sends /api/* to the API with every method, over https, uncached, without the Host header', () => {
    expect(distribution().CacheBehaviors).toHaveLength(1);
    expect(distribution().CacheBehaviors[0]).toMatchObject({
      PathPattern: '/api/*',
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: CACHING_DISABLED,
      OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
    });
  });

  it('refuses bodies that no function of ours would get, with the reason, and changes no other request for the API', () => {
    const [behavior] = distribution().CacheBehaviors;
    expect(behavior?.['FunctionAssociations']).toEqual([
      {
        EventType: 'viewer-request',
        FunctionARN: expect.stringContaining(viewerFunction('no-larger-body').id),
      },
    ]);
    const { FunctionCode } = viewerFunction('no-larger-body').properties;
    const answered = (headers: Readonly<Record<string, string>>): unknown => {
      const values = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
      const request = { method: 'POST', uri: '/api/competitors/import', headers: values };
      const event = JSON.stringify({ request, context: { requestId: 'r-1' } });
      return JSON.parse(runInNewContext(`${String(FunctionCode)}; JSON.stringify(handler(${event}))`));
    };
    const passed = { method: 'POST', uri: '/api/competitors/import' };
    expect(answered({})).toEqual({ ...passed, headers: {} });
    for (const headers of [
      { 'content-type': 'text/csv', 'content-length': String(5 * 1024 * 1024) },
      { 'content-type': 'application/json', 'content-length': '5000000' },
      { 'content-type': 'application/octet-stream', 'content-length': '4500000' },
    ])
      expect(answered(headers)).toMatchObject(passed);
    for (const headers of [
      { 'content-type': 'text/csv', 'content-length': String(5 * 1024 * 1024 + 1) },
      { 'content-type': 'application/octet-stream', 'content-length': '4500001' },
      { 'content-length': '4500001' },
    ]) {
      const refusal = z
        .object({ statusCode: z.literal(413), body: z.object({ data: z.string() }) })
        .parse(answered(headers));
      expect(problemSchema.parse(JSON.parse(refusal.body.data))).toMatchObject({
        status: 413,
        code: 'TOO_LARGE',
      });
    }
  });

  it('adds the origin secret to requests for the API and to nothing else', () => {
    const behaviour = distribution().CacheBehaviors[0];
    const [api, ...others] = distribution().Origins.filter((origin) => 'OriginCustomHeaders' in origin);
    expect(others).toEqual([]);
    expect(api).toMatchObject({
      Id: behaviour?.['TargetOriginId'],
      OriginCustomHeaders: [
        {
          HeaderName: 'x-origin-verify',
          HeaderValue: `{{resolve:secretsmanager:coach-dashboard/${stage.name}/origin-verify:SecretString:::}}`,
        },
      ],
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    });
    expect(distribution().Comment).toContain(String(stage.settings.originSecretGeneration));
  });

  it('never turns an error of the API into a page', () => {
    expect(distribution().CustomErrorResponses).toBeUndefined();
  });

  it('gives the page for every address of the site that is not a file', () => {
    expect(stage.ofType('AWS::CloudFront::Function')).toHaveLength(2);
    const { FunctionCode, FunctionConfig } = viewerFunction('page-for-every-address').properties;
    expect(FunctionConfig).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
    expect(distribution().DefaultCacheBehavior.FunctionAssociations).toEqual([
      expect.objectContaining({ EventType: 'viewer-request' }),
    ]);
    const uriFor = (uri: string): unknown =>
      runInNewContext(`${String(FunctionCode)}; handler({ request: { uri: ${JSON.stringify(uri)} } }).uri`);
    expect(uriFor('/')).toBe('/index.html');
    expect(uriFor('/competitors/7f0c')).toBe('/index.html');
    expect(uriFor('/v1.2/teams')).toBe('/index.html');
    expect(uriFor('/assets/index-abc123.js')).toBe('/assets/index-abc123.js');
  });

  it('lets the site run its own code only and talk to itself and the sign-in only', () => {
    const { ContentSecurityPolicy, ...others } = policyOf(
      distribution().DefaultCacheBehavior.ResponseHeadersPolicyId,
    );
    const directives = Object.fromEntries(
      ContentSecurityPolicy.ContentSecurityPolicy.split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': `'self' https://${stage.settings.loginDomainPrefix}.auth.us-east-1.amazoncognito.com https://cognito-idp.us-east-1.amazonaws.com`,
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'object-src': "'none'",
    });
    expect(ContentSecurityPolicy.ContentSecurityPolicy).not.toMatch(/unsafe|\*|data: http/);
    expect(others).toMatchObject({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY' },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true },
    });
  });

  it("lets nothing of the API's answers run", () => {
    const { ContentSecurityPolicy } = policyOf(
      distribution().CacheBehaviors[0]?.ResponseHeadersPolicyId ?? '',
    );
    expect(ContentSecurityPolicy.ContentSecurityPolicy).toContain("default-src 'none'");
  });

  it("keeps the site's files to CloudFront, and hashed ones for a year", () => {
    const files = stage.ofType('AWS::S3::Bucket').filter(({ stack }) => stack.endsWith('-Web'));
    expect(files).toHaveLength(1);
    expect(files[0]?.properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(distribution().Origins.filter((origin) => 'OriginAccessControlId' in origin)).toHaveLength(1);
    const copies = stage.ofType('Custom::CDKBucketDeployment').map(({ properties }) => properties);
    expect(copies).toEqual([
      expect.objectContaining({
        Include: ['assets/*'],
        Prune: false,
        SystemMetadata: { 'cache-control': 'max-age=31536000, immutable' },
      }),
      expect.objectContaining({
        Exclude: ['assets/*'],
        Prune: false,
        SystemMetadata: { 'cache-control': 'no-cache' },
      }),
    ]);
  });

  it('stands behind a firewall in us-east-1, where the stage has one, that logs no secrets', () => {
    const firewalls = stage.resources.filter(({ type }) => type === 'AWS::WAFv2::WebACL');
    expect(firewalls).toHaveLength(stage.settings.firewall ? 1 : 0);
    expect(distribution().WebACLId).toBe(firewalls[0]?.arn);
    if (firewalls[0] === undefined) return;
    expect(stage.settings.region).toBe('us-east-1');
    expect(firewalls[0].properties).toMatchObject({
      Scope: 'CLOUDFRONT',
      Rules: [
        { Priority: 0, Statement: { RateBasedStatement: { Limit: 20_000, AggregateKeyType: 'IP' } } },
        { Priority: 1, Statement: { RateBasedStatement: { Limit: 6_000, ScopeDownStatement: {} } } },
        {
          Priority: 2,
          Statement: {
            ManagedRuleGroupStatement: {
              Name: 'AWSManagedRulesKnownBadInputsRuleSet',
              RuleActionOverrides: [],
            },
          },
        },
        {
          Priority: 3,
          Statement: {
            ManagedRuleGroupStatement: {
              Name: 'AWSManagedRulesCommonRuleSet',
              RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
            },
          },
        },
        { Priority: 4, Name: 'large-bodies' },
      ],
    });
    expect(stage.only('AWS::WAFv2::LoggingConfiguration').properties).toMatchObject({
      LogDestinationConfigs: [
        expect.stringMatching(/^arn:aws:logs:us-east-1:\d+:log-group:aws-waf-logs-[a-z-]+$/),
      ],
      RedactedFields: [
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
        { QueryString: {} },
      ],
    });
  });

  it('lets bodies over 8 KB through to exactly those routes whose contract says that they are ordinary', () => {
    if (!stage.settings.firewall) return;
    const { Statement } = ruleOf('large-bodies');
    const label = 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body';
    const { AndStatement } = z
      .object({ AndStatement: z.object({ Statements: z.tuple([z.unknown(), exceptPathsSchema]) }) })
      .parse(Statement);
    expect(AndStatement.Statements[0]).toEqual({ LabelMatchStatement: { Scope: 'LABEL', Key: label } });
    const { FieldToMatch, RegexString, TextTransformations } =
      AndStatement.Statements[1].NotStatement.Statement.RegexMatchStatement;
    expect([FieldToMatch, TextTransformations]).toEqual([{ UriPath: {} }, [{ Priority: 0, Type: 'NONE' }]]);
    const passed = new RegExp(RegexString);
    const routes: readonly Route[] = ROUTES;
    const large = routes.filter(({ largeBody }) => largeBody).map(({ path }) => path);
    expect(large).toContain('/api/competitors/import');
    for (const { path } of routes)
      expect(passed.test(path.replaceAll(/\{[^}]+\}/g, 'some-id')), path).toBe(large.includes(path));
    expect(passed.test('/api/competitors/import/x/apply')).toBe(false);
    expect(passed.test('/x/api/competitors/import')).toBe(false);
  });

  it('refuses what the rules of the firewall match, and only counts it where the stage says so', () => {
    if (!stage.settings.firewall) return;
    const counts = stage.settings.firewallMode === 'count';
    const refused = (ResponseCode: number) =>
      counts ? { Count: {} } : { Block: { CustomResponse: { ResponseCode } } };
    expect(rules().map(({ Action, OverrideAction }) => Action ?? OverrideAction)).toEqual([
      refused(429),
      refused(429),
      counts ? { Count: {} } : { None: {} },
      counts ? { Count: {} } : { None: {} },
      refused(413),
    ]);
  });

  it('tries new rules of the firewall on staging, and has them refuse in production', () => {
    expect(STAGES.staging).toMatchObject({ firewall: true, firewallMode: 'count' });
    expect(STAGES.prod).toMatchObject({ firewall: true, firewallMode: 'block' });
  });
}
