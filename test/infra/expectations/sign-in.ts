import { expect, it } from 'vitest';
import * as z from 'zod';
import { CALLBACK_PATH, SIGNED_OUT_PATH } from '#web/shared/identity/session.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

export function signIn(stage: SynthesizedStage): void {
  it('lets the site sign in by authorization code only, without a secret, with short-lived tokens', () => {
    const siteUrl = `https://<${stage.only('AWS::CloudFront::Distribution').id}.DomainName>`;
    expect(stage.only('AWS::Cognito::UserPoolClient').properties).toMatchObject({
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [`${siteUrl}${CALLBACK_PATH}`],
      LogoutURLs: [`${siteUrl}${SIGNED_OUT_PATH}`],
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      SupportedIdentityProviders: ['COGNITO'],
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
    });
  });

  it('takes no password over the API and renews no token without rotating it', () => {
    const flows = stage.only('AWS::Cognito::UserPoolClient').properties['ExplicitAuthFlows'];
    // Without triggers in the pool nobody gets through it.
    expect(flows).toEqual(['ALLOW_CUSTOM_AUTH']);
    expect(stage.only('AWS::Cognito::UserPool').properties).not.toHaveProperty('LambdaConfig');
    expect(stage.only('AWS::Cognito::UserPoolClient').properties['WriteAttributes']).toEqual(['locale']);
  });

  it('has a managed login with branding, without which it shows no page', () => {
    const pool = `<${stage.only('AWS::Cognito::UserPool').id}>`;
    expect(stage.only('AWS::Cognito::UserPoolDomain').properties).toEqual({
      Domain: stage.settings.loginDomainPrefix,
      ManagedLoginVersion: 2,
      UserPoolId: pool,
    });
    expect(stage.only('AWS::Cognito::ManagedLoginBranding').properties).toEqual({
      UserPoolId: pool,
      ClientId: `<${stage.only('AWS::Cognito::UserPoolClient').id}>`,
      UseCognitoProvidedValues: true,
    });
  });

  it('knows coaches and admins, whom admins invite', () => {
    expect(
      stage.ofType('AWS::Cognito::UserPoolGroup').map(({ properties }) => properties['GroupName']),
    ).toEqual(['coach', 'admin']);
    expect(stage.only('AWS::Cognito::UserPool').properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
    });
  });

  it('asks everybody for a second factor, except where only invented people are', () => {
    expect(stage.only('AWS::Cognito::UserPool').properties).toMatchObject({
      MfaConfiguration: stage.name === 'dev' ? 'OPTIONAL' : 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });

  it("sends invitations from the stage's own domain, where it has one", () => {
    const { EmailConfiguration } = stage.only('AWS::Cognito::UserPool').properties;
    expect(EmailConfiguration).toMatchObject(
      stage.settings.signInMail === undefined
        ? { EmailSendingAccount: 'COGNITO_DEFAULT' }
        : { EmailSendingAccount: 'DEVELOPER', From: `Coach Dashboard <${stage.settings.signInMail.from}>` },
    );
  });

  it('invites to the address of the site, with the email address and never an id as the user name', () => {
    const { InviteMessageTemplate } = z
      .object({ InviteMessageTemplate: z.object({ EmailMessage: z.string() }) })
      .parse(stage.only('AWS::Cognito::UserPool').properties['AdminCreateUserConfig']);
    // Cognito refuses a message without both.
    expect(InviteMessageTemplate.EmailMessage).toContain('{####}');
    expect(InviteMessageTemplate.EmailMessage).toContain('{username}');
    const shown = InviteMessageTemplate.EmailMessage.replaceAll(/<!--[^]*?-->/g, '');
    expect(shown).not.toContain('{username}');
    const { siteUrl } = stage.settings;
    const where = siteUrl === undefined ? '' : ` at <a href="${siteUrl}">${siteUrl}</a>`;
    expect(shown).toContain(`Sign in${where} with this email address`);
  });
}
