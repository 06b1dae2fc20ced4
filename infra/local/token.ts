/** `npm run -s token -- <email>`: signs in to the running local stack and prints an access token. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_STATE } from './command-line.ts';
import { signInAsBrowser } from './product/sign-ins/browser-sign-in.ts';
import { findRunning } from './state/running-stack.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { state: { type: 'string', default: DEFAULT_STATE } },
  });
  const running = findRunning(resolve(values.state));
  const [email = ''] = positionals;
  const user = running.users.find((candidate) => candidate.email === email);
  if (user === undefined) {
    throw new Error(
      `Give the email address of a sign-in: ${running.users.map((known) => known.email).join(', ')}.`,
    );
  }
  const { accessToken } = await signInAsBrowser({ url: running.url, email, password: user.password });
  console.log(accessToken);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
