import type { FunctionPermission, HttpApiResource, RouteResource } from '../deployment.ts';
import { matchesWildcard } from './wildcard.ts';

const API_GATEWAY = 'apigateway.amazonaws.com';

/**
 * Whether the function's own policy lets API Gateway invoke it for this route; undefined when it does, else what is
 * missing. AWS answers 500 then and says so in a log only.
 */
export function missingPermission(
  route: RouteResource,
  api: HttpApiResource,
  permissions: readonly FunctionPermission[],
): string | undefined {
  const [method = '', path = ''] = route.key === '$default' ? ['$default', ''] : route.key.split(' ');
  const sourceArn = `${api.arn}/$default/${method}${path}`;
  const allowed = permissions.some(
    (permission) =>
      permission.functionArn === route.functionArn &&
      permission.principal === API_GATEWAY &&
      (permission.sourceArn === undefined || matchesWildcard(permission.sourceArn, sourceArn)),
  );
  return allowed
    ? undefined
    : `${route.functionArn} has no AWS::Lambda::Permission for ${API_GATEWAY} with the source ${sourceArn} (route "${route.key}")`;
}
