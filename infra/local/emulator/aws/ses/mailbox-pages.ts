import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Mailbox, StoredMail } from './ses.ts';

export const MAILBOX_PATH = '/mailbox';

const STYLE = `
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: #0b0e11; color: #e9edf0; font: 420 15px/1.5 Inter, system-ui, sans-serif; }
header, main { max-width: 1312px; margin: 0 auto; padding: 24px 16px 0; }
h1 { margin: 0; font-size: 26px; line-height: 34px; font-weight: 620; }
h2 { margin: 0 0 8px; font-size: 17px; line-height: 24px; font-weight: 620; }
p { margin: 4px 0 0; color: #aab4bd; }
main, main > div { display: grid; gap: 16px; align-items: start; padding-bottom: 32px; }
@media (min-width: 980px) { main { grid-template-columns: minmax(0, 420px) minmax(0, 1fr); } }
section { background: #11151a; border: 1px solid #232a32; border-radius: 10px; padding: 20px; min-width: 0; }
ul { list-style: none; margin: 0; padding: 0; }
li + li { border-top: 1px solid #232a32; }
li a { display: block; padding: 10px 12px; color: inherit; text-decoration: none; border-radius: 6px; overflow-wrap: anywhere; }
li a:hover, li a[aria-current] { background: #181d23; }
li span { display: block; font-size: 13px; color: #aab4bd; }
a:focus-visible, pre:focus-visible, iframe:focus-visible { outline: 2px solid #6cc7e6; outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin: 0 0 16px; font-size: 14px; }
dt { color: #aab4bd; } dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; max-width: 640px; height: 900px; margin: 0 auto; border: 0; border-radius: 6px; background: #fff; }
pre { margin: 0; padding: 16px; overflow-x: auto; background: #0b0e11; border-radius: 6px; font: 13px/20px ui-monospace, monospace; }
`;

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);

const linkTo = (mail: StoredMail, shown: StoredMail | undefined): string =>
  `<li><a href="${MAILBOX_PATH}/${mail.id}"${mail.id === shown?.id ? ' aria-current="true"' : ''}>${escaped(mail.subject)}` +
  `<span>${escaped(mail.to)}, ${escaped(mail.at)}</span></a></li>`;

const fact = (name: string, value: string): string => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`;

function shownMail(mail: StoredMail): string {
  const facts = [
    fact('Subject', mail.subject),
    fact('To', mail.to),
    fact('From', mail.from),
    ...mail.headers.map(({ name, value }) => fact(name, value)),
  ];
  return (
    `<section aria-labelledby="mail"><h2 id="mail">${escaped(mail.subject)}</h2><dl>${facts.join('')}</dl>` +
    `<iframe title="The email as it looks" sandbox="allow-popups" src="${MAILBOX_PATH}/${mail.id}/html"></iframe></section>` +
    `<section aria-labelledby="text"><h2 id="text">Plain text</h2><pre tabindex="0" role="region" aria-label="The email as plain text">${escaped(mail.text)}</pre></section>`
  );
}

function send(response: ServerResponse, status: number, policy: string, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html;charset=UTF-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(html);
}

/** The emails that would have been sent: a list, and one of them as it looks, as text, and with its headers. */
export function answerMailbox(mailbox: Mailbox, path: string, response: ServerResponse): void {
  const [, , id, part] = path.split('/');
  const shown = id === undefined ? mailbox.list()[0] : mailbox.byId(id);
  if (part === 'html' && shown !== undefined) {
    // Scripts and pictures would be no part of such an email; styles are inline.
    send(
      response,
      200,
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
      // In a frame of its own a link would open inside of it.
      shown.html.replace('<head>', '<head><base target="_blank">'),
    );
    return;
  }
  const mails = mailbox.list();
  const list =
    mails.length === 0
      ? '<p>No email has been sent yet.</p>'
      : `<ul>${mails.map((mail) => linkTo(mail, shown)).join('')}</ul>`;
  send(
    response,
    shown === undefined && id !== undefined ? 404 : 200,
    `default-src 'none'; style-src ${STYLE_HASH}; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'`,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox</title><style>${STYLE}</style></head><body>
<header><h1>Mailbox</h1><p>Local stack only: what would be sent is kept on this machine instead. On AWS this page does not exist.</p></header>
<main><section aria-labelledby="all"><h2 id="all">${mails.length} ${mails.length === 1 ? 'email' : 'emails'}</h2>${list}</section>
<div>${shown === undefined ? '' : shownMail(shown)}</div></main></body></html>`,
  );
}
