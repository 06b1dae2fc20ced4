import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { API_SCOPE, type ApiFunctionName } from '#shared/kernel/contract.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { createLogGroup, logGroupPrefix } from './log-group.ts';
import type { ProductFunction } from './product-function.ts';

interface ProductApiProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

interface RoutesProps {
  readonly functions: Readonly<Record<ApiFunctionName, ProductFunction>>;
  readonly issuer: string;
  readonly client: IUserPoolClient;
}

/**
 * What the access log keeps. Never a path, a query or a header: the route's template says enough, and ids, search
 * words and tokens stay out.
 */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  gatewayError: '$context.error.responseType',
  responseLength: '$context.responseLength',
};

/** The HTTP API. Its routes come later, because they need the app client, which needs the site's address. */
export class ProductApi extends Construct {
  readonly api: HttpApi;
  /** Host that CloudFront sends requests for `/api/*` to. */
  readonly host: string;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: ProductApiProps) {
    super(scope, id);
    const { stage } = props;
    this.api = new HttpApi(this, 'HttpApi', {
      apiName: physicalName(stage, 'api'),
      description: 'Coach Dashboard, reached through CloudFront only',
      createDefaultStage: false,
    });
    this.host = `${this.api.apiId}.execute-api.${stage.region}.amazonaws.com`;

    // A name under /aws/vendedlogs keeps the log's delivery out of the account's one, size-limited resource policy.
    const accessLog = createLogGroup(this, 'AccessLog', {
      stage,
      name: `/aws/vendedlogs${logGroupPrefix(stage)}api-access`,
      encryptionKey: props.encryptionKey,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.apiRequestsPerSecond, burstLimit: stage.apiRequestsPerSecond * 2 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.alarms = [
      {
        id: 'ApiServerErrors',
        severity: 'urgent',
        metric: this.metricServerErrors(),
        threshold: 5,
        evaluationPeriods: 2,
        meaning: 'The API answers with server errors: coaches see error messages instead of their pages.',
        runbookArticle: 'api-server-errors',
      },
    ];
  }

  /** A route per entry of `shared/http/routes.ts`, and a proper "not found" for everything else. */
  addRoutes(props: RoutesProps): void {
    const authorizer = new HttpJwtAuthorizer('SignIn', props.issuer, {
      authorizerName: 'sign-in',
      jwtAudience: [props.client.userPoolClientId],
    });
    const { functions } = props;
    const integrations: Readonly<Record<ApiFunctionName, HttpLambdaIntegration>> = {
      'public-api': integrationOf('public-api', functions),
      'competitors-api': integrationOf('competitors-api', functions),
      'onboarding-api': integrationOf('onboarding-api', functions),
      'teams-api': integrationOf('teams-api', functions),
      'dashboard-api': integrationOf('dashboard-api', functions),
      'jobs-api': integrationOf('jobs-api', functions),
      'coaches-api': integrationOf('coaches-api', functions),
      'settings-api': integrationOf('settings-api', functions),
      'dead-letters-api': integrationOf('dead-letters-api', functions),
      'schedules-api': integrationOf('schedules-api', functions),
    };

    for (const route of ROUTES) {
      const common = {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
        integration: integrations[route.served],
      };
      const id = `${route.method} ${route.path}`;
      if (route.access === 'public') {
        const open = new HttpRoute(this, id, common);
        acknowledge(
          open,
          'AwsSolutions-APIG4',
          'Public by design: it says whether the API works and how to sign in.',
        );
      } else {
        // The scope is what tells an access token from an ID token, which has none.
        new HttpRoute(this, id, { ...common, authorizer, authorizationScopes: [API_SCOPE] });
      }
    }
    const unknown = new HttpRoute(this, 'Default', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('unknown', functions['public-api'].function, INTEGRATION),
    });
    acknowledge(
      unknown,
      'AwsSolutions-APIG4',
      'Answers 404 to every path that does not exist, and nothing else.',
    );
  }

  metricServerErrors(): Metric {
    return this.metric('5xx', Stats.SUM);
  }

  metricClientErrors(): Metric {
    return this.metric('4xx', Stats.SUM);
  }

  metricRequests(): Metric {
    return this.metric('Count', Stats.SUM);
  }

  metricLatency(): Metric {
    return this.metric('Latency', Stats.p(95));
  }

  private metric(metricName: string, statistic: string): Metric {
    return this.api.metric(metricName, { statistic, period: Duration.minutes(5), label: metricName });
  }
}

const INTEGRATION = {
  payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
  timeout: Duration.seconds(29),
};

/**
 * One permission per function and not per route: many would break the 20 KB limit of a function's policy. It names
 * stage, method and path, and so does not hold for `$default`, which has neither: that route brings its own.
 */
function integrationOf(name: ApiFunctionName, functions: RoutesProps['functions']): HttpLambdaIntegration {
  return new HttpLambdaIntegration(name, functions[name].function, {
    ...INTEGRATION,
    scopePermissionToRoute: false,
  });
}
