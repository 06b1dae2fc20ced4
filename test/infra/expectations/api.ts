import { expect, it } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '#shared/http/routes.ts';
import { partsWithAnythingBetween } from '../support/patterns.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string(),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).optional(),
});
const permissionSchema = z.object({
  FunctionName: z.string(),
  Principal: z.literal('apigateway.amazonaws.com'),
  SourceArn: z.string(),
});
const stageSchema = z.object({
  AccessLogSettings: z.object({ Format: z.string() }),
  DefaultRouteSettings: z.object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() }),
});

/** Access-log variables that never hold a path, a query, a header or a person. */
const HARMLESS_LOG_FIELDS =
  /^\$context\.(requestId|requestTime|routeKey|status|responseLatency|integrationLatency|integrationStatus|error\.responseType|responseLength)$/;

export function api(stage: SynthesizedStage): void {
  const routes = () =>
    stage.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => routeSchema.parse(properties));
  const permissions = () =>
    stage.ofType('AWS::Lambda::Permission').map(({ properties }) => permissionSchema.parse(properties));
  const functionBehind = (target: string): unknown => {
    const integration = stage
      .ofType('AWS::ApiGatewayV2::Integration')
      .find(({ id }) => target === `integrations/<${id}>`);
    return integration?.properties['IntegrationUri'];
  };
  const arnOf = (name: string) =>
    `arn:aws:lambda:us-east-1:${stage.settings.account}:function:coach-dashboard-${stage.name}-${name}`;

  it('has exactly the routes of the list, each answered by its function, and one for everything else', () => {
    const expected = [
      ...ROUTES.map(({ method, path, served }) => [`${method} ${path}`, arnOf(served)]),
      ['$default', arnOf('public-api')],
    ];
    expect(routes().map(({ RouteKey, Target }) => [RouteKey, functionBehind(Target)])).toEqual(expected);
  });

  it('asks every route but the public ones for an access token of our app client', () => {
    const authorizer = stage.only('AWS::ApiGatewayV2::Authorizer');
    expect(authorizer.properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: {
        Audience: [`<${stage.only('AWS::Cognito::UserPoolClient').id}>`],
        Issuer: `https://cognito-idp.us-east-1.amazonaws.com/<${stage.only('AWS::Cognito::UserPool').id}>`,
      },
    });
    const open = new Set(
      ROUTES.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`),
    );
    open.add('$default');
    for (const route of routes()) {
      expect(route, route.RouteKey).toMatchObject(
        open.has(route.RouteKey)
          ? { AuthorizationType: 'NONE' }
          : { AuthorizationType: 'JWT', AuthorizerId: `<${authorizer.id}>`, AuthorizationScopes: ['openid'] },
      );
    }
  });

  it('may call the function behind every route', () => {
    for (const { RouteKey, Target } of routes()) {
      const [method = '', path = ''] = RouteKey.split(' ');
      const request =
        RouteKey === '$default' ? '$default' : `${method}${path.replaceAll(/\{[^}]+\}/g, 'some-id')}`;
      const called = functionBehind(Target);
      const allowed = permissions().filter(({ FunctionName }) => FunctionName === called);
      const source = `arn:aws:execute-api:us-east-1:${stage.settings.account}:<${stage.only('AWS::ApiGatewayV2::Api').id}>/$default/${request}`;
      expect(
        allowed.some(({ SourceArn }) => matches(SourceArn, source)),
        RouteKey,
      ).toBe(true);
    }
  });

  it("keeps each function's resource policy far below its limit of 20 KB", () => {
    const byFunction = Map.groupBy(permissions(), ({ FunctionName }) => FunctionName);
    for (const [name, own] of byFunction) {
      expect(own.length, name).toBeLessThanOrEqual(40);
      expect(JSON.stringify(own).length * 2, name).toBeLessThan(16_000);
    }
  });

  it('logs no path, query or header, and limits what comes in', () => {
    const { AccessLogSettings, DefaultRouteSettings } = stageSchema.parse(
      stage.only('AWS::ApiGatewayV2::Stage').properties,
    );
    const format = JSON.parse(AccessLogSettings.Format) as Record<string, string>;
    for (const field of Object.values(format)) expect(field).toMatch(HARMLESS_LOG_FIELDS);
    expect(DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: stage.settings.apiRequestsPerSecond,
      ThrottlingBurstLimit: stage.settings.apiRequestsPerSecond * 2,
    });
  });

  it('answers before CloudFront gives up', () => {
    for (const { properties } of stage.ofType('AWS::ApiGatewayV2::Integration')) {
      expect(properties).toMatchObject({ PayloadFormatVersion: '2.0', TimeoutInMillis: 29_000 });
    }
  });
}

/** As IAM's ArnLike: component by component, `*` for any run of characters. */
function matches(pattern: string, arn: string): boolean {
  const wanted = pattern.split(':');
  const given = arn.split(':');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => {
      return partsWithAnythingBetween(part.split('*')).test(given[index] ?? '');
    })
  );
}
