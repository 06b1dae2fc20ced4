import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createServer } from 'vite';
import type { Deployment } from '../emulator/deployment.ts';
import { behaviorFor } from '../emulator/edge/distribution.ts';
import type { EdgeServer } from '../emulator/edge/edge-server.ts';

export interface SiteServer {
  /** What the template says of the site: its paths, and the headers of its files. */
  follow(deployment: Deployment): void;
  /** Over every open page until it is taken away with undefined. */
  showError(error: { readonly title: string; readonly text: string } | undefined): void;
  stop(): Promise<void>;
}

const POLICY = 'content-security-policy';

/**
 * Vite's development server on the edge's own port: it answers what CloudFront would take from the site's bucket,
 * with the template's headers, and pages take changes over while they are open.
 */
export async function startSiteServer(root: string, edge: EdgeServer): Promise<SiteServer> {
  const nonce = randomBytes(16).toString('base64url');
  const vite = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    clearScreen: false,
    logLevel: 'warn',
    appType: 'spa',
    html: { cspNonce: nonce },
    server: {
      middlewareMode: { server: edge.server },
      ws: { server: edge.server },
      fs: { allow: ['web', 'shared', 'node_modules'].map((path) => join(root, path)) },
    },
  });
  const { hot } = vite.environments.client;
  let behaviors: Deployment['distribution']['behaviors'] = [];
  let shown: Parameters<SiteServer['showError']>[0];

  const send = () => {
    if (shown !== undefined) {
      const err = { message: shown.text, stack: '', plugin: shown.title };
      hot.send({ type: 'error', err });
    }
  };
  hot.on('connection', send);
  edge.intercept((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', edge.url);
    const behavior = behaviorFor(behaviors, pathname);
    if (behavior?.origin !== 'site') return false;
    for (const [name, value] of Object.entries(behavior.responseHeaders)) {
      outgoing.setHeader(name, name === POLICY ? forDevelopment(value, nonce, edge.url) : value);
    }
    vite.middlewares(incoming, outgoing);
    return true;
  });

  return {
    follow: ({ distribution }) => {
      ({ behaviors } = distribution);
    },
    showError(error) {
      if (error === undefined && shown !== undefined) hot.send({ type: 'update', updates: [] });
      shown = error;
      send();
    },
    async stop() {
      edge.intercept(() => false);
      await vite.close();
    },
  };
}

/** The template's policy and no more than what Vite needs on top: its own inline script and styles, its WebSocket. */
export function forDevelopment(policy: string, nonce: string, siteUrl: string): string {
  const added: Readonly<Record<string, string>> = {
    'script-src': `'nonce-${nonce}'`,
    'style-src': `'nonce-${nonce}'`,
    'connect-src': siteUrl.replace(/^http/, 'ws'),
  };
  return policy
    .split(';')
    .map((directive) => directive.trim())
    .map((directive) => {
      const more = added[directive.split(' ')[0] ?? ''];
      return more === undefined ? directive : `${directive} ${more}`;
    })
    .join('; ');
}
