import type { Deployment, LocalAddresses } from '../deployment.ts';
import type { AssemblyStack } from './cloud-assembly.ts';
import type { SecretLookup } from './dynamic-references.ts';
import { AssemblyError } from './errors.ts';
import { readCustomResources, readEventSources, readFunctions, readPermissions } from './read-compute.ts';
import {
  readAlarms,
  readBuckets,
  readQueues,
  readScheduleGroups,
  readSecrets,
  readTables,
  readTopics,
} from './read-data.ts';
import { readDistribution } from './read-distribution.ts';
import { readHttpApi } from './read-http-api.ts';
import { readKeys, readRoles, readUserPools } from './read-identity.ts';
import { AssemblyResources } from './resource-view.ts';
import { Resolver } from './resolver.ts';

export interface LoadOptions {
  readonly stacks: readonly AssemblyStack[];
  readonly stage: string;
  readonly addresses: LocalAddresses;
  /** Further texts of the templates by what they are replaced by on this machine. */
  readonly replacements?: Readonly<Record<string, string>>;
  /** Undefined before the secrets exist: references to them then stay as they are. */
  readonly secretLookup?: SecretLookup;
}

/**
 * What the stacks say must exist, every intrinsic function resolved and every AWS address replaced by this
 * machine's. Resource types that the local stack does not run are ignored.
 *
 * @throws {AssemblyError} for a reference that cannot be resolved, naming stack, resource and property
 */
export function loadDeployment({
  stacks,
  stage,
  addresses,
  replacements = {},
  secretLookup,
}: LoadOptions): Deployment {
  checkReferences(stacks);
  const [first] = stacks;
  if (first === undefined) throw new Error('No stack to run.');
  const resolver = new Resolver({ stacks, secretLookup });
  const plain = new AssemblyResources(stacks, resolver, (text) => text);
  const [distribution] = plain.ofType('AWS::CloudFront::Distribution');
  const localize = localizer(addresses, distribution?.attribute('DomainName'), replacements);
  const resources = new AssemblyResources(stacks, resolver, localize);
  const httpApi = readHttpApi(resources);
  return {
    stage,
    region: first.region,
    accountId: first.accountId,
    roles: readRoles(resources),
    functions: readFunctions(resources),
    permissions: readPermissions(resources),
    tables: readTables(resources),
    queues: readQueues(resources),
    eventSources: readEventSources(resources),
    buckets: readBuckets(resources),
    secrets: readSecrets(resources),
    keys: readKeys(resources),
    userPools: readUserPools(resources, addresses.loginUrl),
    scheduleGroups: readScheduleGroups(resources),
    topics: readTopics(resources),
    alarms: readAlarms(resources),
    customResources: readCustomResources(resources),
    httpApi,
    distribution: readDistribution(resources, httpApi, addresses.siteUrl),
  };
}

/**
 * Every `Ref` and `Fn::GetAtt` must name a resource or parameter of its own template, also in resources that the
 * local stack does not run: CloudFormation refuses the whole template otherwise.
 */
function checkReferences(stacks: readonly AssemblyStack[]): void {
  for (const { name, template } of stacks) {
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    for (const [resource, { Properties }] of Object.entries(template.Resources)) {
      for (const { target, property } of referencesIn(Properties, 'Properties')) {
        if (target.startsWith('AWS::') || known.has(target)) continue;
        throw new AssemblyError(
          { stack: name, resource, property },
          `refers to ${target}, but the stack has no resource ${target}.`,
        );
      }
    }
  }
}

function* referencesIn(value: unknown, property: string): Generator<{ target: string; property: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') yield { target: item, property };
    else if (key === 'Fn::GetAtt' && Array.isArray(item)) yield { target: String(item[0]), property };
    else yield* referencesIn(item, `${property}.${key}`);
  }
}

/** Replaces the addresses that AWS would give by those of this machine, in any text that came out of a template. */
function localizer(
  { awsUrl, siteUrl, loginUrl }: LocalAddresses,
  distributionDomain: string | undefined,
  replacements: Readonly<Record<string, string>>,
): (text: string) => string {
  const rules: [RegExp | string, string][] = [
    ...Object.entries(replacements),
    [/https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com/g, awsUrl],
    [/https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com/g, loginUrl],
    [/https:\/\/[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com/g, loginUrl],
  ];
  if (distributionDomain !== undefined) {
    const domain = distributionDomain.replaceAll('.', String.raw`\.`);
    rules.push(
      [new RegExp(`https://${domain}`, 'g'), siteUrl],
      [new RegExp(domain, 'g'), new URL(siteUrl).host],
    );
  }
  return (text) => rules.reduce((result, [pattern, local]) => result.replaceAll(pattern, () => local), text);
}
