import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Deployment, UserPoolResource } from '../../deployment.ts';
import { attributeOf, type UserDirectory } from '../cognito/user-directory.ts';
import { answerMailbox, MAILBOX_PATH } from '../ses/mailbox-pages.ts';
import type { Mailbox } from '../ses/ses.ts';
import type { Documents } from '../state-database.ts';
import {
  errorLocation,
  parseAuthorization,
  withQuery,
  type AuthorizationRequest,
} from './authorization-request.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { createClientFinder, type FindClient } from './clients.ts';
import type { Grants } from './grants.ts';
import { errorPage, newPasswordPage, signInPage } from './pages.ts';
import { readForm, redirect, sendJson, sendPage } from './responses.ts';
import { SignIn } from './sign-in.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import { createTokenSigner, type TokenSigner } from './token-signer.ts';

export interface LoginParts {
  /** Shown on the pages. */
  readonly applicationName: string;
  readonly deployment: Deployment;
  readonly documents: Documents;
  readonly directory: UserDirectory;
  readonly grants: Grants;
  readonly browsers: BrowserSessions;
  readonly mailbox: Mailbox;
  readonly now: () => number;
}

interface Login extends LoginParts {
  readonly findClient: FindClient;
  readonly signIn: SignIn;
  readonly signer: TokenSigner;
}

type Handler = (
  login: Login,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void> | void;

/** The managed login: sign-in page, OAuth endpoints, discovery. Answers 503 until it is opened. */
export function createLoginServer(): {
  readonly server: ReturnType<typeof createServer>;
  open(parts: LoginParts): Promise<void>;
} {
  let login: Login | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://login');
    Promise.resolve(
      login === undefined
        ? sendJson(response, 503, { message: 'Nothing has been deployed yet.' })
        : undefined,
    )
      .then(() =>
        login === undefined ? undefined : route(request.method ?? 'GET', url)(login, request, response, url),
      )
      .catch(() => {
        if (response.headersSent) response.destroy();
        else sendJson(response, 500, { error: 'server_error' });
      });
  });
  return {
    server,
    open: async (parts) => {
      const signer = await createTokenSigner(parts.documents, parts.now);
      login = {
        ...parts,
        findClient: createClientFinder(parts.deployment),
        signIn: new SignIn(parts.directory, parts.now),
        signer,
      };
    },
  };
}

/** Cognito's own, where the pool says nothing. */
const DEFAULT_PASSWORD_LENGTH = 8;

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /oauth2/authorize': authorize,
  'GET /login': showSignIn,
  'POST /login': submitSignIn,
  'GET /logout': logout,
  'POST /oauth2/token': async (login, request, response) => {
    const { status, body } = await answerTokenRequest(login, await readForm(request));
    sendJson(response, status, body);
  },
  'POST /oauth2/revoke': async (login, request, response) => {
    const form = await readForm(request);
    const found = login.findClient(form.get('client_id') ?? '');
    if (found === undefined) {
      sendJson(response, 400, { error: 'invalid_client' });
      return;
    }
    login.grants.revoke(form.get('token') ?? '', found.client.id);
    sendJson(response, 200, {});
  },
  'GET /oauth2/userInfo': userInfo,
  'POST /oauth2/userInfo': userInfo,
};

function route(method: string, url: URL): Handler {
  if (method === 'OPTIONS') return preflight;
  const own = ROUTES[`${method} ${url.pathname}`];
  if (own !== undefined) return own;
  if (method === 'GET' && (url.pathname === MAILBOX_PATH || url.pathname.startsWith(`${MAILBOX_PATH}/`)))
    return ({ mailbox }, _request, response) => answerMailbox(mailbox, url.pathname, response);
  return method === 'GET' && url.pathname.includes('/.well-known/') ? wellKnown : notFound;
}

/** Already signed in with this browser: back at once. Else to the form, with the same query. */
async function authorize(
  login: Login,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const parsed = parseAuthorization(url.searchParams, login.findClient);
  if (parsed.kind === 'refused') {
    sendPage(response, 400, errorPage(parsed.code), login);
    return;
  }
  if (parsed.kind === 'redirect') {
    redirect(response, parsed.location);
    return;
  }
  const { request: asked } = parsed;
  const username =
    asked.prompt === 'login' ? undefined : login.browsers.find(request.headers.cookie, asked.pool.id);
  const user = username === undefined ? undefined : await login.signIn.current(asked.pool.id, username);
  if (user !== undefined) {
    redirect(response, codeLocation(login, asked, user.Username));
    return;
  }
  redirect(
    response,
    asked.prompt === 'none'
      ? errorLocation(asked.redirectUri, asked.state, 'login_required', 'Nobody is signed in')
      : `/login${url.search}`,
  );
}

function showSignIn(login: Login, _request: IncomingMessage, response: ServerResponse, url: URL): void {
  const asked = validRequest(login, response, url);
  if (asked === undefined) return;
  const page = signInPage({
    action: `/login${url.search}`,
    email: asked.loginHint ?? '',
    message: undefined,
  });
  sendPage(response, 200, page, login);
}

async function submitSignIn(
  login: Login,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const form = await readForm(request);
  const asked = validRequest(login, response, url);
  if (asked === undefined) return;
  // The form is ours alone; another site's page must not sign a browser in.
  const { origin } = request.headers;
  if (origin !== undefined && origin !== 'null' && origin !== new URL(asked.pool.loginUrl).origin) {
    sendPage(response, 403, errorPage('invalid_request'), login);
    return;
  }
  const action = `/login${url.search}`;
  const minimumLength = asked.pool.passwordMinimumLength ?? DEFAULT_PASSWORD_LENGTH;
  const challenge = form.get('challenge');
  if (challenge !== null) {
    const again = form.get('confirm_password') ?? '';
    const result = await login.signIn.withNewPassword(
      challenge,
      form.get('new_password') ?? '',
      again,
      minimumLength,
    );
    if (result.kind === 'signedIn') {
      enter(login, response, asked, result.username);
    } else if (result.kind === 'again') {
      const page = newPasswordPage({ action, challenge, minimumLength, message: result.message });
      sendPage(response, 400, page, login);
    } else {
      const page = signInPage({ action, email: '', message: 'That took too long. Sign in again.' });
      sendPage(response, 400, page, login);
    }
    return;
  }
  const email = form.get('username') ?? '';
  const result = await login.signIn.withPassword(asked.pool.id, email, form.get('password') ?? '');
  if (result.kind === 'signedIn') {
    enter(login, response, asked, result.username);
  } else if (result.kind === 'newPasswordRequired') {
    const page = newPasswordPage({ action, challenge: result.challenge, minimumLength, message: undefined });
    sendPage(response, 200, page, login);
  } else {
    sendPage(response, 400, signInPage({ action, email, message: result.message }), login);
  }
}

function validRequest(login: Login, response: ServerResponse, url: URL): AuthorizationRequest | undefined {
  const parsed = parseAuthorization(url.searchParams, login.findClient);
  if (parsed.kind === 'valid') return parsed.request;
  const code = parsed.kind === 'refused' ? parsed.code : 'invalid_request';
  sendPage(response, 400, errorPage(code), login);
  return undefined;
}

function enter(login: Login, response: ServerResponse, asked: AuthorizationRequest, username: string): void {
  response.setHeader('set-cookie', login.browsers.begin(asked.pool.id, username));
  redirect(response, codeLocation(login, asked, username));
}

function codeLocation(login: Login, asked: AuthorizationRequest, username: string): string {
  const code = login.grants.issueCode(asked, username);
  return withQuery(asked.redirectUri, { code, state: asked.state });
}

/** Ends the browser's session; the application ends its own tokens. */
function logout(login: Login, request: IncomingMessage, response: ServerResponse, url: URL): void {
  const found = login.findClient(url.searchParams.get('client_id') ?? '');
  const target = url.searchParams.get('logout_uri') ?? '';
  if (found?.client.logoutUrls.includes(target) !== true) {
    sendPage(response, 400, errorPage('redirect_mismatch'), login);
    return;
  }
  response.setHeader('set-cookie', login.browsers.end(request.headers.cookie));
  redirect(response, target);
}

async function userInfo(login: Login, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  for (const pool of login.deployment.userPools) {
    const claims = await login.signer.verifyAccessToken(token, pool.issuer);
    if (claims?.scopes.includes('openid') !== true) continue;
    const user = await login.signIn.current(pool.id, claims.username);
    if (user === undefined) continue;
    const email = claims.scopes.includes('email')
      ? { email: attributeOf(user, 'email'), email_verified: attributeOf(user, 'email_verified') ?? 'false' }
      : {};
    sendJson(response, 200, { sub: attributeOf(user, 'sub'), username: user.Username, ...email });
    return;
  }
  response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
  sendJson(response, 401, { error: 'invalid_token' });
}

function wellKnown(login: Login, _request: IncomingMessage, response: ServerResponse, url: URL): void {
  const [, poolId, , document] = url.pathname.split('/');
  const pool = login.deployment.userPools.find((candidate) => candidate.id === poolId);
  if (pool === undefined || url.pathname !== `/${pool.id}/.well-known/${document ?? ''}`) {
    notFound(login, _request, response);
  } else if (document === 'jwks.json') {
    sendJson(response, 200, login.signer.jwks, 'public, max-age=300');
  } else if (document === 'openid-configuration') {
    sendJson(response, 200, discovery(pool), 'public, max-age=300');
  } else {
    notFound(login, _request, response);
  }
}

/** `/.well-known/openid-configuration`. As on AWS it has no entry for `/logout`. */
function discovery(pool: UserPoolResource): unknown {
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

function notFound(_login: Login, _request: IncomingMessage, response: ServerResponse): void {
  sendJson(response, 404, { message: 'Not Found' });
}

/** The site's own page calls the token endpoint, as it calls Cognito's: from another origin, without cookies. */
function preflight(_login: Login, _request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-amz-user-agent',
    'access-control-max-age': '600',
  });
  response.end();
}
