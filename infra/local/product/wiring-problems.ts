import type { Route } from '#shared/kernel/contract.ts';
import type { Deployment } from '../emulator/deployment.ts';

/**
 * What would deploy without an error and then do nothing: a route of the API that no template has, a work queue that
 * nobody receives from. Missing permissions are told when something needs them.
 */
export function wiringProblems(
  {
    httpApi,
    queues,
    eventSources,
    functions,
  }: Pick<Deployment, 'httpApi' | 'queues' | 'eventSources' | 'functions'>,
  routes: readonly Pick<Route, 'method' | 'path'>[],
): string[] {
  const keys = new Set(httpApi.routes.map(({ key }) => key));
  const received = new Set(
    eventSources
      .filter(({ enabled, functionArn }) => enabled && functions.some(({ arn }) => arn === functionArn))
      .map(({ queueArn }) => queueArn),
  );
  return [
    ...routes
      .map(({ method, path }) => `${method} ${path}`)
      .filter((key) => !keys.has(key))
      .map(
        (key) => `The route "${key}" is in shared/http/routes.ts, but no AWS::ApiGatewayV2::Route has it.`,
      ),
    ...queues
      .filter(({ redrive, arn }) => redrive !== undefined && !received.has(arn))
      .map(
        ({ name }) =>
          `Nothing receives from the queue ${name}: no enabled AWS::Lambda::EventSourceMapping names it.`,
      ),
  ];
}
