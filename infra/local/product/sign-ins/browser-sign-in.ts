import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { configViewSchema } from '#shared/identity/contract.ts';

export interface BrowserSignIn {
  /** The site. */
  readonly url: string;
  readonly email: string;
  readonly password: string;
  /** Chosen in place of a temporary password, when the login asks for one. */
  readonly newPassword?: string;
}

export interface SignInTokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

const tokensSchema = z
  .object({ access_token: z.string(), id_token: z.string(), refresh_token: z.string() })
  .transform((tokens) => ({
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
  }));

/** Where the site takes people back to; `web/src/shared/identity/session.ts` asks for the same. */
const CALLBACK_PATH = '/auth/callback';
const TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 5;

/**
 * Signs in as the site and a browser do together: authorization code with PKCE, the form of the managed login, the
 * exchange of the code.
 *
 * @throws {Error} when the login page refuses, naming what it said
 */
export async function signInAsBrowser({
  url,
  email,
  password,
  newPassword,
}: BrowserSignIn): Promise<SignInTokens> {
  const config = configViewSchema.parse(await (await request(`${url}/api/config`)).json());
  const { clientId, loginUrl, scopes } = config.signIn;
  const redirectUri = `${url}${CALLBACK_PATH}`;
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const authorize = new URL(`${loginUrl}/oauth2/authorize`);
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();

  const cookies = new CookieJar();
  const page = await follow(authorize, {}, cookies, redirectUri);
  if (page.kind === 'callback') throw new Error('The login page was passed without a password.');
  const form = formOf(page.html, page.address);
  const submit = ({ action, hidden }: ReturnType<typeof formOf>, fields: Readonly<Record<string, string>>) =>
    follow(
      action,
      { method: 'POST', body: new URLSearchParams({ ...hidden, ...fields }) },
      cookies,
      redirectUri,
    );
  let answer = await submit(form, { username: email, password });
  if (answer.kind === 'page' && newPassword !== undefined && answer.html.includes('new_password')) {
    answer = await submit(formOf(answer.html, answer.address), {
      new_password: newPassword,
      confirm_password: newPassword,
    });
  }
  if (answer.kind === 'page') throw new Error(`The sign-in was refused: ${messageOf(answer.html)}`);
  const { searchParams } = answer.address;
  const code = searchParams.get('code');
  if (code === null || searchParams.get('state') !== state) {
    throw new Error(
      `The sign-in came back without a code: ${searchParams.get('error') ?? 'no reason given'}`,
    );
  }
  const response = await request(`${loginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  return tokensSchema.parse(await response.json());
}

async function request(address: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok)
    throw new Error(`${new URL(address).pathname} answers ${response.status}: ${await response.text()}`);
  return response;
}

type Landing =
  | { readonly kind: 'page'; readonly address: URL; readonly html: string }
  | { readonly kind: 'callback'; readonly address: URL };

/** Goes where the redirects lead, up to a page or to the site's callback (which is not opened). */
async function follow(
  start: URL,
  init: RequestInit,
  cookies: CookieJar,
  redirectUri: string,
): Promise<Landing> {
  let address = start;
  let next: RequestInit = init;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (`${address.origin}${address.pathname}` === redirectUri) return { kind: 'callback', address };
    const response = await fetch(address, {
      ...next,
      redirect: 'manual',
      headers: { cookie: cookies.header() },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    cookies.keep(response);
    const location = response.headers.get('location');
    const html = await response.text();
    if (location === null) return { kind: 'page', address, html };
    address = new URL(location, address);
    next = {};
  }
  throw new Error('The login page redirects in a circle.');
}

class CookieJar {
  private readonly cookies = new Map<string, string>();

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      this.cookies.set(name.trim(), value.join('='));
    }
  }

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(String.raw`\b${name}="([^"]*)"`)
    .exec(tag)?.[1]
    ?.replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');

function formOf(html: string, page: URL): { action: URL; hidden: Record<string, string> } {
  const [form] = /<form[\s\S]*?<\/form>/.exec(html) ?? [];
  if (form === undefined) throw new Error(`The login page has no form: ${messageOf(html)}`);
  const hidden: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined && attribute(input, 'type') === 'hidden')
      hidden[name] = attribute(input, 'value') ?? '';
  }
  const [opening = ''] = /<form[^>]*>/.exec(form) ?? [];
  return { action: new URL(attribute(opening, 'action') ?? '', page), hidden };
}

/** What the page says, without its tags. */
function messageOf(html: string): string {
  const [, alert] = /<[^>]*role="alert"[^>]*>([\s\S]*?)<\//.exec(html) ?? [];
  return (alert ?? html.replaceAll(/<style[\s\S]*?<\/style>/g, ''))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
