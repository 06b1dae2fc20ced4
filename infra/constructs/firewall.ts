import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ROUTES } from '#shared/http/routes.ts';
import type { Route } from '#shared/kernel/contract.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { createLogGroup } from './log-group.ts';

/** Requests from one address in five minutes. High: a whole school may sit behind one; the API limits each user. */
const REQUESTS_PER_ADDRESS = 20_000;
const API_REQUESTS_PER_ADDRESS = 6_000;

/** The rule of AWS's common rules against bodies over 8 KB, and the label that it gives when it only counts. */
const LARGE_BODY_RULE = 'SizeRestrictions_BODY';
const LARGE_BODY_LABEL = 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body';
/** Of a regular expression, AWS WAF's limit. */
const MOST_LETTERS = 512;

type Mode = StageSettings['firewallMode'];

/** The web application firewall in front of CloudFront. Its log holds addresses of visitors, so never more than needed. */
export class Firewall extends Construct {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, props: { readonly stage: StageSettings }) {
    super(scope, id);
    const { stage } = props;
    const { firewallMode: mode } = stage;
    const name = physicalName(stage, 'site');

    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('site'),
      rules: [
        rateRule(mode, 'requests-per-address', REQUESTS_PER_ADDRESS),
        rateRule(mode, 'api-requests-per-address', API_REQUESTS_PER_ADDRESS, {
          byteMatchStatement: {
            fieldToMatch: { uriPath: {} },
            positionalConstraint: 'STARTS_WITH',
            searchString: '/api/',
            textTransformations: [{ priority: 0, type: 'NONE' }],
          },
        }),
        managedRules(mode, 'AWSManagedRulesKnownBadInputsRuleSet'),
        // Where large bodies are ordinary is ours to say: theirs counts, and the rule after it refuses the others.
        managedRules(mode, 'AWSManagedRulesCommonRuleSet', [LARGE_BODY_RULE]),
        largeBodyRule(mode),
      ].map((rule, priority) => Object.assign(rule, { priority })),
    });
    this.webAclArn = webAcl.attrArn;

    const logGroupName = `aws-waf-logs-${name}`;
    const logGroup = createLogGroup(this, 'Log', { stage, name: logGroupName });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // WAF takes the ARN without the `:*` that CloudFormation's attribute ends with.
      logDestinationConfigs: [
        Arn.format(
          {
            service: 'logs',
            resource: 'log-group',
            resourceName: logGroupName,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          },
          Stack.of(this),
        ),
      ],
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
    });
    logging.node.addDependency(logGroup);
  }
}

/** A rule that has no place among the others yet. */
type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples hold whole requests, with headers.
  sampledRequestsEnabled: false,
});

const refuse = (mode: Mode, responseCode: number): CfnWebACL.RuleActionProperty =>
  mode === 'count' ? { count: {} } : { block: { customResponse: { responseCode } } };

const rateRule = (
  mode: Mode,
  name: string,
  limit: number,
  scopeDownStatement?: CfnWebACL.StatementProperty,
): Rule => ({
  name,
  action: refuse(mode, 429),
  visibilityConfig: visibility(name),
  statement: {
    rateBasedStatement: {
      limit,
      aggregateKeyType: 'IP',
      evaluationWindowSec: 300,
      ...(scopeDownStatement === undefined ? {} : { scopeDownStatement }),
    },
  },
});

const managedRules = (mode: Mode, name: string, counted: readonly string[] = []): Rule => ({
  name,
  overrideAction: mode === 'count' ? { count: {} } : { none: {} },
  visibilityConfig: visibility(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

const largeBodyRule = (mode: Mode): Rule => ({
  name: 'large-bodies',
  action: refuse(mode, 413),
  visibilityConfig: visibility('large-bodies'),
  statement: {
    andStatement: {
      statements: [
        { labelMatchStatement: { scope: 'LABEL', key: LARGE_BODY_LABEL } },
        {
          notStatement: {
            statement: {
              regexMatchStatement: {
                fieldToMatch: { uriPath: {} },
                regexString: largeBodyPaths(ROUTES),
                textTransformations: [{ priority: 0, type: 'NONE' }],
              },
            },
          },
        },
      ],
    },
  },
});

/** A pattern for the paths of routes whose contract says that large bodies are ordinary. */
function largeBodyPaths(routes: readonly Route[]): string {
  const paths = routes
    .filter(({ largeBody }) => largeBody === true)
    .map(({ path }) => path.replaceAll(/\{[^}]+\}/g, '[^/]+'));
  const pattern = `^(${paths.join('|')})$`;
  if (pattern.length <= MOST_LETTERS) return pattern;
  throw new Error(
    `The firewall takes ${MOST_LETTERS} letters of paths with large bodies, not ${pattern.length}.`,
  );
}
