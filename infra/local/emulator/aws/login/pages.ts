import { createHash } from 'node:crypto';

/** Colors and measures of the site's dark theme; the pages load nothing from elsewhere. */
const STYLE = `
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 24px;
  background: #0b0e11; color: #e9edf0; font: 420 16px/1.5 Inter, system-ui, sans-serif; }
main { width: 100%; max-width: 380px; background: #11151a; border: 1px solid #232a32; border-radius: 10px; padding: 32px; }
p.application { margin: 0 0 24px; color: #929da8; font-size: 14px; }
h1 { margin: 0 0 20px; font-size: 26px; line-height: 34px; font-weight: 620; }
label { display: block; margin: 0 0 6px; font-size: 14px; color: #b9c2ca; }
input { width: 100%; height: 44px; margin: 0 0 18px; padding: 0 12px; font: inherit; color: #e9edf0;
  background: #181d23; border: 1px solid #687481; border-radius: 6px; }
button { width: 100%; min-height: 44px; border: 0; border-radius: 6px; font: inherit; font-weight: 620;
  color: #0b0e11; background: #e9edf0; cursor: pointer; }
button:hover { background: #fff; }
input:focus-visible, button:focus-visible { outline: 2px solid #6cc7e6; outline-offset: 2px; }
.message { margin: 0 0 18px; padding: 10px 12px; border-radius: 6px; font-size: 14px; line-height: 20px;
  color: #f6887e; background: #271618; border: 1px solid #6b3431; }
.hint { margin: -12px 0 18px; font-size: 13px; line-height: 20px; color: #929da8; }
`;

/** CSP source of the one inline style sheet. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

export interface Page {
  readonly title: string;
  /** HTML. */
  readonly content: string;
}

export interface SignInPage {
  /** Path and query that the form is sent to. */
  readonly action: string;
  readonly email: string;
  readonly message: string | undefined;
}

export function signInPage({ action, email, message }: SignInPage): Page {
  const focusPassword = email !== '';
  return {
    title: 'Sign in',
    content: `<h1>Sign in</h1>
    ${alert(message)}
    <form method="post" action="${escapeHtml(action)}">
      <label for="username">Email</label>
      <input id="username" name="username" type="email" autocomplete="username" required
        value="${escapeHtml(email)}"${focusPassword ? '' : ' autofocus'}>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required${
        focusPassword ? ' autofocus' : ''
      }>
      <button type="submit">Sign in</button>
    </form>`,
  };
}

export interface NewPasswordPage {
  readonly action: string;
  readonly minimumLength: number;
  /** Stands for the password that was given right. */
  readonly challenge: string;
  readonly message: string | undefined;
}

export function newPasswordPage({ action, challenge, minimumLength, message }: NewPasswordPage): Page {
  return {
    title: 'Choose a new password',
    content: `<h1>Choose a new password</h1>
    ${alert(message)}
    <form method="post" action="${escapeHtml(action)}">
      <input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
      <label for="new-password">New password</label>
      <input id="new-password" name="new_password" type="password" autocomplete="new-password" required autofocus
        aria-describedby="rules">
      <p class="hint" id="rules">At least ${minimumLength} characters, with upper and lower case, a digit and a symbol.</p>
      <label for="confirm-password">New password again</label>
      <input id="confirm-password" name="confirm_password" type="password" autocomplete="new-password" required>
      <button type="submit">Save and sign in</button>
    </form>`,
  };
}

export function errorPage(code: string): Page {
  return {
    title: 'Sign-in is not possible',
    content: `<h1>Sign-in is not possible</h1>
    <p>The application asked for it in a way that is not allowed. Go back to it and try again.</p>
    <p class="hint">${escapeHtml(code)}</p>`,
  };
}

function alert(message: string | undefined): string {
  return message === undefined ? '' : `<p class="message" role="alert">${escapeHtml(message)}</p>`;
}

export function htmlOf({ title, content }: Page, applicationName: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)} · ${escapeHtml(applicationName)}</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    <p class="application">${escapeHtml(applicationName)}</p>
    ${content}
  </main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
