import type { Deployment, LocalAddresses } from '../deployment.ts';
import type { AssemblyStack } from './cloud-assembly.ts';
import type { SecretLookup } from './dynamic-references.ts';
import { localiser } from './localise.ts';
import { readCustomResources, readEventSources, readFunctions, readPermissions } from './read-compute.ts';
import { readQueues, readScheduleGroups, readSecrets, readTables } from './read-data.ts';
import { readDistribution } from './read-distribution.ts';
import { readHttpApi } from './read-http-api.ts';
import { readKeys, readRoles, readUserPools } from './read-identity.ts';
import { checkReferences } from './check-references.ts';
import { AssemblyResources } from './resource-view.ts';
import { Resolver } from './resolver.ts';

export interface LoadOptions {
  readonly stacks: readonly AssemblyStack[];
  readonly stage: string;
  readonly addresses: LocalAddresses & { readonly gamePlatformUrl: string };
  /** Undefined before the secrets exist: references to them then stay as they are. */
  readonly secretLookup?: SecretLookup;
}

/**
 * What the stacks say must exist, every intrinsic function resolved and every AWS address replaced by this
 * machine's. Resource types that the local stack does not run are ignored.
 *
 * @throws {AssemblyError} for a reference that cannot be resolved, naming stack, resource and property
 */
export function loadDeployment({ stacks, stage, addresses, secretLookup }: LoadOptions): Deployment {
  checkReferences(stacks);
  const [first] = stacks;
  if (first === undefined) throw new Error('No stack to run.');
  const resolver = new Resolver({ stacks, secretLookup });
  const plain = new AssemblyResources(stacks, resolver, (text) => text);
  const [distribution] = plain.ofType('AWS::CloudFront::Distribution');
  const localise = localiser({ ...addresses, distributionDomain: distribution?.attribute('DomainName') });
  const resources = new AssemblyResources(stacks, resolver, localise);
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
    secrets: readSecrets(resources),
    keys: readKeys(resources),
    userPools: readUserPools(resources, addresses.loginUrl),
    scheduleGroups: readScheduleGroups(resources),
    customResources: readCustomResources(resources),
    httpApi,
    distribution: readDistribution(resources, httpApi, addresses.siteUrl),
  };
}
