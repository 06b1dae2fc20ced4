import { Duration } from 'aws-cdk-lib';
import {
  CfnManagedLoginBranding,
  OAuthScope,
  ClientAttributes,
  ManagedLoginVersion,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  type UserPool,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';

/** Where the site takes people back from the managed login; `web/src/shared/identity/session.ts` asks for these. */
const CALLBACK_PATH = '/auth/callback';
const SIGNED_OUT_PATH = '/signed-out';

interface AppClientProps {
  readonly stage: StageSettings;
  readonly userPool: UserPool;
  readonly siteUrl: string;
}

/**
 * The site as Cognito sees it: authorization code with PKCE and nothing else, no secret, because a browser can keep
 * none. Without its branding resource the managed login would show an error instead of a page.
 */
export function createAppClient(scope: Construct, id: string, props: AppClientProps): UserPoolClient {
  // Its prefix may be somebody else's already: here nothing that holds data goes when it is refused.
  new UserPoolDomain(scope, 'ManagedLogin', {
    userPool: props.userPool,
    cognitoDomain: { domainPrefix: props.stage.loginDomainPrefix },
    managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
  });
  const client = new UserPoolClient(scope, id, {
    userPool: props.userPool,
    userPoolClientName: physicalName(props.stage, 'site'),
    generateSecret: false,
    // Signing in is the managed login's alone. A list without any flow would mean Cognito's default, SRP among them;
    // the custom flow needs triggers, and the pool has none.
    authFlows: { custom: true },
    // Left out, all of them: people could change their own address, which names their sign-in, past the table.
    writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
      callbackUrls: [`${props.siteUrl}${CALLBACK_PATH}`],
      logoutUrls: [`${props.siteUrl}${SIGNED_OUT_PATH}`],
    },
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    // A disabled coach keeps an issued token for this long; the API looks at the table on every request anyway.
    accessTokenValidity: Duration.minutes(15),
    idTokenValidity: Duration.minutes(15),
    refreshTokenValidity: Duration.hours(12),
    // Without a grace period, two tabs that renew at once would sign each other out.
    refreshTokenRotationGracePeriod: Duration.seconds(60),
  });
  new CfnManagedLoginBranding(scope, `${id}Branding`, {
    userPoolId: props.userPool.userPoolId,
    clientId: client.userPoolClientId,
    useCognitoProvidedValues: true,
  });
  return client;
}
