import type { UserPoolResource } from '../../deployment.ts';

/** `/.well-known/openid-configuration`. As on AWS it has no entry for `/logout`. */
export function discovery(pool: UserPoolResource): unknown {
  return {
    issuer: pool.issuer,
    authorization_endpoint: `${pool.loginUrl}/oauth2/authorize`,
    token_endpoint: `${pool.loginUrl}/oauth2/token`,
    userinfo_endpoint: `${pool.loginUrl}/oauth2/userInfo`,
    revocation_endpoint: `${pool.loginUrl}/oauth2/revoke`,
    jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
  };
}
