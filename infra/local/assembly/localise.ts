import type { LocalAddresses } from '../deployment.ts';

/**
 * The vendor's address with which the CDK app is synthesized, whatever the vendor is: so an assembly does not depend
 * on the simulator's port, and one serves every start until the sources change.
 */
export const GAME_PLATFORM_STAND_IN = 'https://game-platform.invalid';

export interface LocalisedHosts extends LocalAddresses {
  /** The vendor that functions call. */
  readonly gamePlatformUrl: string;
  /** `d….cloudfront.net` of the distribution, where there is one. */
  readonly distributionDomain: string | undefined;
}

/** Replaces the addresses that AWS would give by those of this machine, in any text that came out of a template. */
export function localiser(hosts: LocalisedHosts): (text: string) => string {
  const { awsUrl, siteUrl, loginUrl, gamePlatformUrl, distributionDomain } = hosts;
  const rules: [RegExp | string, string][] = [
    [GAME_PLATFORM_STAND_IN, gamePlatformUrl],
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
