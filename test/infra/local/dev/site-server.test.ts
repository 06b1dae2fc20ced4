import { describe, expect, it } from 'vitest';
import { forDevelopment } from '#infra/local/dev/site-server.ts';

describe('the content security policy of npm run dev', () => {
  it('is the template’s with Vite’s nonce and WebSocket, and nothing else', () => {
    const policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' http://login.test; base-uri 'none'";
    expect(forDevelopment(policy, 'n', 'http://127.0.0.1:1')).toBe(
      "default-src 'none'; script-src 'self' 'nonce-n'; style-src 'self' 'nonce-n'; connect-src 'self' http://login.test ws://127.0.0.1:1; base-uri 'none'",
    );
  });
});
