import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildApp, type BuildAppOptions } from '#infra/build-app.ts';
import { LIVE_GAME_PLATFORM_HOST, STAGE_NAMES, STAGES, type StageName } from '#infra/stages.ts';
import { FUNCTION_NAMES, placeholderAssets } from './support/placeholder-assets.ts';

const environmentSchema = z.object({ variables: z.record(z.string(), z.unknown()) }).optional();

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'coach-dashboard-app-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const assets = (names?: readonly string[]): string => placeholderAssets(join(directory, 'dist'), names);
const build = (options: Partial<BuildAppOptions>) =>
  buildApp({
    stages: ['dev'],
    checked: false,
    deploy: false,
    outdir: join(directory, 'cdk.out'),
    ...options,
  });

describe('without a build', () => {
  it('says which function is missing and how to build it', () => {
    const assetsDirectory = assets(FUNCTION_NAMES.filter((name) => name !== 'sync-worker'));
    expect(() => build({ assetsDirectory })).toThrow(
      /functions\/sync-worker\/index\.mjs is missing: run `npm run build` first/,
    );
  });

  it('says that the site is missing and how to build it', () => {
    const assetsDirectory = assets();
    rmSync(join(assetsDirectory, 'web'), { recursive: true });
    expect(() => build({ assetsDirectory })).toThrow(
      /web\/index\.html is missing: run `npm run build` first/,
    );
  });
});

describe('another vendor address', () => {
  it('reaches every function that calls the vendor', () => {
    const app = build({
      assetsDirectory: assets(),
      gamePlatformApiBaseUrl: 'http://127.0.0.1:4180/v1',
    });
    const addresses = app.node
      .findAll()
      .filter((construct) => construct instanceof CfnFunction)
      .map((resource) => environmentSchema.parse(resource.stack.resolve(resource.environment)))
      .flatMap((environment) => environment?.variables['GAME_PLATFORM_API_BASE_URL'] ?? []);
    expect(addresses).toEqual(Array.from({ length: 3 }, () => 'http://127.0.0.1:4180/v1'));
  });

  it('is refused when it is no address', () => {
    expect(() => build({ assetsDirectory: assets(), gamePlatformApiBaseUrl: 'metactf' })).toThrow(
      'gamePlatformApiBaseUrl must be an absolute URL, not "metactf"',
    );
  });
});

const withAddress = (name: StageName, gamePlatformApiBaseUrl: string) =>
  build({ stages: [name], assetsDirectory: assets(), gamePlatformApiBaseUrl });

describe('the live game platform', () => {
  it.each(STAGE_NAMES.filter((name) => name !== 'prod'))('is refused to %s', (name) => {
    for (const address of [
      `https://${LIVE_GAME_PLATFORM_HOST}/integrations/syned/v1`,
      'https://API.MetaCTF.com:443/',
    ])
      expect(() => withAddress(name, address)).toThrow(`"${name}" may not talk to the live game platform`);
  });

  it('is what prod talks to', () => {
    expect(new URL(STAGES.prod.gamePlatformApiBaseUrl).hostname).toBe(LIVE_GAME_PLATFORM_HOST);
    expect(() => withAddress('prod', STAGES.prod.gamePlatformApiBaseUrl)).not.toThrow();
  });
});

describe('placeholders', () => {
  const alarmMail = { urgent: 'on-call@example.org', soon: 'operations@example.org' };

  it.each(STAGE_NAMES)('are refused when %s is to be deployed', (name) => {
    const settings = { account: '111111111111', alarmMail };
    expect(() => build({ stages: [name], assetsDirectory: assets(), settings, deploy: true })).toThrow(
      new RegExp(`"${name}" cannot be deployed with the placeholders [^]*account: .*[^]*alarmMail.soon: `),
    );
  });

  it('are refused as soon as the account is a real one, whatever the command', () => {
    const settings = { account: '482915730164', alarmMail };
    const outdir = join(directory, 'cdk.out');
    const deployed = () => buildApp({ stages: ['dev'], assetsDirectory: assets(), outdir, settings });
    expect(deployed).toThrow('"dev" cannot be deployed with the placeholders of infra/stages.ts');
    expect(deployed).not.toThrow('account: ');
  });
});

describe('a stage whose site has no address yet', () => {
  const settings = { siteUrl: undefined };
  const noticeMail = { from: 'no-reply@example.org', verifiedDomain: 'example.org', admins: [] };

  it('invites without one', () => {
    const app = build({ assetsDirectory: assets(), settings: { ...settings, noticeMail: undefined } });
    const pool = app.node.findAll().find((construct) => construct instanceof CfnUserPool);
    const config: unknown = pool?.stack.resolve(pool.adminCreateUserConfig);
    expect(JSON.stringify(config)).toContain('Sign in with this email address and the temporary password');
  });

  it('may not send emails that would link to it', () => {
    expect(() => build({ assetsDirectory: assets(), settings: { ...settings, noticeMail } })).toThrow(
      '"dev" has noticeMail without siteUrl',
    );
  });
});
