import type { LocalAddresses } from '../deployment.ts';

export interface LocalisedHosts extends LocalAddresses {
  /** `d….cloudfront.net` of the distribution, where there is one. */
  readonly distributionDomain: string | undefined;
}

/** Replaces the addresses that AWS would give by those of this machine, in any text that came out of a template. */
export function localiser(hosts: LocalisedHosts): (text: string) => string {
  const { awsUrl, siteUrl, loginUrl, distributionDomain } = hosts;
  const rules: [RegExp, string][] = [
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
