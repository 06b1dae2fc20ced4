import { describe, expect, it } from 'vitest';
import { loadDeployment } from '#infra/local/emulator/assembly/load-deployment.ts';
import type { AssemblyStack } from '#infra/local/emulator/assembly/cloud-assembly.ts';
import { stackOf } from './hand-made-stacks.ts';

const addresses = {
  awsUrl: 'http://127.0.0.1:1001',
  siteUrl: 'http://127.0.0.1:1002',
  loginUrl: 'http://127.0.0.1:1003',
};
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** The smallest app that the local stack can run: one of each kind of resource. */
function smallApp(): AssemblyStack {
  return stackOf(
    'App',
    {
      Resources: {
        Key: {
          Type: 'AWS::KMS::Key',
          Properties: {
            KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] },
          },
        },
        Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: arnOf('Key') } },
        Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
        Work: {
          Type: 'AWS::SQS::Queue',
          Properties: {
            QueueName: 'work',
            VisibilityTimeout: 48,
            KmsMasterKeyId: { Ref: 'Alias' },
            RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 4 },
          },
        },
        WorkPolicy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [{ Ref: 'Work' }],
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Deny',
                  Principal: { AWS: '*' },
                  Action: 'sqs:*',
                  Resource: arnOf('Work'),
                  Condition: { Bool: { 'aws:SecureTransport': false } },
                },
              ],
            },
          },
        },
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'worker-role',
            AssumeRolePolicyDocument: {
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
            ManagedPolicyArns: [
              { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
            ],
          },
        },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'p',
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: ['sqs:ReceiveMessage'], Resource: arnOf('Work') }],
            },
          },
        },
        Worker: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'worker',
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: arnOf('Role'),
            Code: { S3Bucket: 'assets', S3Key: 'c0de.zip' },
            LoggingConfig: { LogFormat: 'JSON' },
            Environment: {
              Variables: {
                QUEUE_URL: { Ref: 'Work' },
                VENDOR_URL: 'https://game-platform.invalid',
                ISSUER: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] },
              },
            },
          },
        },
        Source: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: arnOf('Work'),
            FunctionName: { Ref: 'Worker' },
            FunctionResponseTypes: ['ReportBatchItemFailures'],
          },
        },
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: arnOf('Worker'),
            Action: 'lambda:InvokeFunction',
            Principal: 'apigateway.amazonaws.com',
          },
        },
        Pool: { Type: 'AWS::Cognito::UserPool' },
        Login: {
          Type: 'AWS::Cognito::UserPoolDomain',
          Properties: { UserPoolId: { Ref: 'Pool' }, Domain: 'app' },
        },
        Client: {
          Type: 'AWS::Cognito::UserPoolClient',
          Properties: {
            UserPoolId: { Ref: 'Pool' },
            AllowedOAuthFlowsUserPoolClient: true,
            AllowedOAuthFlows: ['code'],
            CallbackURLs: [
              { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }, '/back']] },
            ],
            AccessTokenValidity: 15,
            TokenValidityUnits: { AccessToken: 'minutes' },
          },
        },
        Api: { Type: 'AWS::ApiGatewayV2::Api' },
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { ApiId: { Ref: 'Api' }, StageName: '$default' },
        },
        Integration: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { ApiId: { Ref: 'Api' }, IntegrationUri: arnOf('Worker'), PayloadFormatVersion: '2.0' },
        },
        Authorizer: {
          Type: 'AWS::ApiGatewayV2::Authorizer',
          Properties: {
            ApiId: { Ref: 'Api' },
            JwtConfiguration: {
              Audience: [{ Ref: 'Client' }],
              Issuer: { 'Fn::Join': ['', ['https://cognito-idp.us-east-1.amazonaws.com/', { Ref: 'Pool' }]] },
            },
          },
        },
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: { Ref: 'Api' },
            RouteKey: 'GET /api/x/{id}',
            Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
            AuthorizationType: 'JWT',
            AuthorizerId: { Ref: 'Authorizer' },
            AuthorizationScopes: ['openid'],
          },
        },
        Bucket: { Type: 'AWS::S3::Bucket' },
        Headers: {
          Type: 'AWS::CloudFront::ResponseHeadersPolicy',
          Properties: {
            ResponseHeadersPolicyConfig: {
              Name: 'h',
              SecurityHeadersConfig: {
                ContentSecurityPolicy: {
                  ContentSecurityPolicy: 'connect-src https://app.auth.us-east-1.amazoncognito.com',
                  Override: true,
                },
              },
            },
          },
        },
        Distribution: {
          Type: 'AWS::CloudFront::Distribution',
          Properties: {
            DistributionConfig: {
              DefaultRootObject: 'index.html',
              Origins: [
                { Id: 'site', DomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] } },
                {
                  Id: 'api',
                  DomainName: {
                    'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }] }],
                  },
                  OriginCustomHeaders: [{ HeaderName: 'x-proof', HeaderValue: 'proof' }],
                },
              ],
              DefaultCacheBehavior: { TargetOriginId: 'site', ResponseHeadersPolicyId: { Ref: 'Headers' } },
              CacheBehaviors: [
                { PathPattern: '/api/*', TargetOriginId: 'api', AllowedMethods: ['GET', 'POST'] },
              ],
            },
          },
        },
        Files: {
          Type: 'Custom::CDKBucketDeployment',
          Properties: {
            ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:cdk',
            SourceObjectKeys: ['5175.zip'],
            DestinationBucketName: { Ref: 'Bucket' },
            SystemMetadata: { 'cache-control': 'no-cache' },
          },
        },
        Seeding: {
          Type: 'AWS::CloudFormation::CustomResource',
          Properties: { ServiceToken: arnOf('Worker'), Names: ['a'] },
        },
        Unknown: { Type: 'AWS::Unheard::Of', Properties: { Thing: { Ref: 'Work' } } },
      },
    },
    { c0de: '/assets/code', '5175': '/assets/site' },
  );
}

const load = (stack: AssemblyStack) =>
  loadDeployment({
    stacks: [stack],
    stage: 'dev',
    addresses,
    replacements: { 'https://game-platform.invalid': 'http://127.0.0.1:1004/api' },
  });

describe('the deployment of a small app', () => {
  const deployment = load(smallApp());

  it('has the queue with its redrive, key and policy, at this machine’s address', () => {
    const [key] = deployment.keys;
    expect(deployment.queues.find(({ name }) => name === 'work')).toEqual({
      name: 'work',
      arn: 'arn:aws:sqs:us-east-1:111122223333:work',
      url: 'http://127.0.0.1:1001/111122223333/work',
      keyArn: key!.arn,
      visibilityTimeoutSeconds: 48,
      retentionSeconds: 345_600,
      receiveWaitSeconds: 0,
      redrive: { deadLetterArn: 'arn:aws:sqs:us-east-1:111122223333:dead', maxReceiveCount: 4 },
      policy: [
        {
          sid: undefined,
          effect: 'Deny',
          principals: { AWS: ['*'] },
          actions: ['sqs:*'],
          notActions: undefined,
          resources: ['arn:aws:sqs:us-east-1:111122223333:work'],
          notResources: undefined,
          conditions: { Bool: { 'aws:SecureTransport': ['false'] } },
        },
      ],
    });
  });

  it('has the function with exactly its environment, and Lambda’s own limits where none are given', () => {
    const [pool] = deployment.userPools;
    expect(deployment.functions).toEqual([
      expect.objectContaining({
        name: 'worker',
        codeDirectory: '/assets/code',
        timeoutSeconds: 3,
        memoryMb: 128,
        tracing: false,
        logLevel: 'INFO',
        roleArn: 'arn:aws:iam::111122223333:role/worker-role',
        environment: {
          QUEUE_URL: 'http://127.0.0.1:1001/111122223333/work',
          VENDOR_URL: 'http://127.0.0.1:1004/api',
          ISSUER: `http://127.0.0.1:1003/${pool!.id}`,
        },
      }),
    ]);
  });

  it('has the role with its own, attached and known AWS statements', () => {
    const [role] = deployment.roles;
    expect(role!.statements.map(({ actions }) => actions)).toEqual([
      ['sqs:ReceiveMessage'],
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
  });

  it('has the event source, the route with its authorizer, and the client with this machine’s addresses', () => {
    const [pool] = deployment.userPools;
    expect(deployment.eventSources).toEqual([
      expect.objectContaining({
        batchSize: 10,
        reportBatchItemFailures: true,
        maximumConcurrency: undefined,
      }),
    ]);
    expect(pool!.clients).toEqual([
      expect.objectContaining({
        callbackUrls: ['http://127.0.0.1:1002/back'],
        accessTokenSeconds: 900,
        oauthFlows: ['code'],
      }),
    ]);
    expect(deployment.httpApi.routes).toEqual([
      {
        key: 'GET /api/x/{id}',
        functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:worker',
        authorizer: { issuer: pool!.issuer, audience: [pool!.clients[0]!.id] },
        scopes: ['openid'],
      },
    ]);
  });

  it('has the distribution with its behaviours in order, headers and files', () => {
    const { distribution } = deployment;
    expect(
      distribution.behaviors.map(({ pathPattern, origin, allowedMethods }) => [
        pathPattern,
        origin,
        allowedMethods,
      ]),
    ).toEqual([
      ['/api/*', 'api', ['GET', 'POST']],
      ['*', 'site', ['GET', 'HEAD']],
    ]);
    expect(distribution.apiOriginHeaders).toEqual({ 'x-proof': 'proof' });
    expect(distribution.behaviors[1]!.responseHeaders).toEqual({
      'content-security-policy': 'connect-src http://127.0.0.1:1003',
    });
    expect(distribution.siteFiles).toEqual([
      { directory: '/assets/site', cacheControl: 'no-cache', include: [], exclude: [] },
    ]);
  });

  it('has the app’s custom resource, not CDK’s own', () => {
    expect(deployment.customResources.map(({ logicalId }) => logicalId)).toEqual(['Seeding']);
  });
});

/** The small app without one of its resources. */
function without(logicalId: string, ...alsoGone: readonly string[]): AssemblyStack {
  const stack = smallApp();
  for (const id of [logicalId, ...alsoGone]) delete stack.template.Resources[id];
  return stack;
}

describe('what is missing in the template is missing, or told', () => {
  it('runs no event source that is not there', () => {
    expect(load(without('Source')).eventSources).toEqual([]);
  });

  it('grants nothing without the policy', () => {
    expect(load(without('Policy')).roles[0]!.statements).toHaveLength(1);
  });

  it.each([
    ['Api', 'App: Stage (Properties.ApiId) refers to Api, but the stack has no resource Api.'],
    ['Stage', 'has no AWS::ApiGatewayV2::Stage, so it would answer 404 to everything.'],
    [
      'Login',
      'App: Pool (Properties.UserPoolId) has no AWS::Cognito::UserPoolDomain, so there would be no sign-in page.',
    ],
    ['Distribution', 'App: Client (Properties.CallbackURLs.0.Fn::Join.1.1) refers to Distribution, but'],
    [
      'Dead',
      'App: Work (Properties.RedrivePolicy.deadLetterTargetArn) refers to Dead, but the stack has no resource Dead.',
    ],
  ])('says what hangs on %s', (logicalId, problem) => {
    expect(() => load(without(logicalId))).toThrow(problem);
  });

  it('finds a dangling reference in a resource that it does not run', () => {
    const stack = smallApp();
    stack.template.Resources['Unknown']!.Properties['Thing'] = { 'Fn::GetAtt': ['Gone', 'Arn'] };
    expect(() => load(stack)).toThrow(
      'App: Unknown (Properties.Thing) refers to Gone, but the stack has no resource Gone.',
    );
  });

  it('says which property of which resource has the wrong form', () => {
    const stack = smallApp();
    stack.template.Resources['Work']!.Properties['VisibilityTimeout'] = 'soon';
    expect(() => load(stack)).toThrow('App: Work (Properties.VisibilityTimeout) cannot be read');
  });
});
