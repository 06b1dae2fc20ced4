import * as z from 'zod';
import type { HttpApiResource, RouteResource } from '../deployment.ts';
import { functionFinder } from './read-compute.ts';
import type { AssemblyResources } from './resource-view.ts';

/** The one HTTP API with its routes. */
export function readHttpApi(resources: AssemblyResources): HttpApiResource {
  const api = resources.theOnly('AWS::ApiGatewayV2::Api', 'nothing would answer under /api');
  const id = api.ref();
  const ofApi = (type: string) =>
    resources.ofType(type).filter((view) => view.read({ ApiId: z.string() }).ApiId === id);
  if (ofApi('AWS::ApiGatewayV2::Stage').length === 0) {
    throw api.error('ApiId', 'has no AWS::ApiGatewayV2::Stage, so it would answer 404 to everything.');
  }
  const findFunction = functionFinder(resources);
  const integrations = new Map(
    ofApi('AWS::ApiGatewayV2::Integration').map((view) => {
      const { IntegrationUri, PayloadFormatVersion } = view.read({
        IntegrationUri: z.string(),
        PayloadFormatVersion: z.string().optional(),
      });
      if (PayloadFormatVersion !== '2.0') throw view.error('PayloadFormatVersion', 'must be 2.0.');
      return [view.ref(), findFunction(functionArnIn(IntegrationUri))];
    }),
  );
  const authorizers = new Map(
    ofApi('AWS::ApiGatewayV2::Authorizer').map((view) => {
      const { JwtConfiguration } = view.read({
        JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
      });
      return [view.ref(), { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience }];
    }),
  );
  const routes = ofApi('AWS::ApiGatewayV2::Route').map((view): RouteResource => {
    const route = view.read({
      RouteKey: z.string(),
      Target: z.string(),
      AuthorizationType: z.string().default('NONE'),
      AuthorizerId: z.string().optional(),
      AuthorizationScopes: z.array(z.string()).default([]),
    });
    const functionArn = integrations.get(route.Target.replace(/^integrations\//, ''));
    if (functionArn === undefined) throw view.error('Target', `names no integration: ${route.Target}.`);
    if (route.AuthorizationType === 'NONE') {
      return { key: route.RouteKey, functionArn, authorizer: undefined, scopes: [] };
    }
    const authorizer = authorizers.get(route.AuthorizerId ?? '');
    if (route.AuthorizationType !== 'JWT' || authorizer === undefined) {
      throw view.error(
        'AuthorizationType',
        `is ${route.AuthorizationType}, which the local stack cannot check.`,
      );
    }
    return { key: route.RouteKey, functionArn, authorizer, scopes: route.AuthorizationScopes };
  });
  return { id, arn: `arn:aws:execute-api:${api.stack.region}:${api.stack.accountId}:${id}`, routes };
}

/** The URI is the function's ARN, or `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
const functionArnIn = (uri: string): string => /functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
