import { Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPool,
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { keptOnceEstablished } from './keeping.ts';
import { acknowledge } from './acknowledge.ts';

interface SignInProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/** Who may sign in: nobody signs up, an admin invites. The managed login is made with the site. */
export class SignIn extends Construct {
  readonly userPool: UserPool;
  /** `iss` of the tokens. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, props: SignInProps) {
    super(scope, id);
    const { stage } = props;

    this.userPool = new UserPool(this, 'UserPool', {
      userPoolName: physicalName(stage, 'people'),
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      mfa: stage.mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      userInvitation: {
        emailSubject: 'Your Coach Dashboard sign-in',
        emailBody: invitation(stage),
      },
      email:
        stage.signInMail === undefined
          ? UserPoolEmail.withCognito()
          : UserPoolEmail.withSES({
              fromEmail: stage.signInMail.from,
              fromName: 'Coach Dashboard',
              sesVerifiedDomain: stage.signInMail.verifiedDomain,
              sesRegion: stage.region,
            }),
      deletionProtection: stage.established,
      removalPolicy: keptOnceEstablished(stage),
    });
    encryptWith(this.userPool, props.encryptionKey);
    this.userPool.addGroup('CoachGroup', { groupName: 'coach', description: 'See their own competitors' });
    this.userPool.addGroup('AdminGroup', { groupName: 'admin', description: 'See everything, run jobs' });
    this.issuer = `https://cognito-idp.${stage.region}.amazonaws.com/${this.userPool.userPoolId}`;

    acknowledge(
      this.userPool,
      'AwsSolutions-COG8',
      'The Plus plan is priced per active user. Nobody can sign up, everyone is invited, and WAF and managed login throttle guessing.',
    );
    if (stage.mfa === 'optional') {
      acknowledge(
        this.userPool,
        'AwsSolutions-COG2',
        'This stage holds invented people only, and automated sign-ins need it; stages with real people require TOTP.',
      );
    }
  }
}

/**
 * Cognito takes no invitation without `{username}`, which it replaces by an id that says nothing to anybody: hidden, since
 * people sign in with their address.
 */
const invitation = ({ siteUrl }: StageSettings): string =>
  [
    'You have been invited to Coach Dashboard.',
    `Sign in${siteUrl === undefined ? '' : ` at <a href="${siteUrl}">${siteUrl}</a>`} with this email address and`,
    'the temporary password {####} within 7 days.<!-- {username} -->',
  ].join(' ');

/** The L2 construct has no property for it yet. */
function encryptWith(userPool: UserPool, key: IKey): void {
  if (!(userPool.node.defaultChild instanceof CfnUserPool))
    throw new Error('A user pool without its resource.');
  userPool.node.defaultChild.keyConfiguration = { keyType: 'CUSTOMER_MANAGED_KEY', kmsKeyArn: key.keyArn };
}
