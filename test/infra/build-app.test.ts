import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildApp } from '#infra/build-app.ts';
import { FUNCTION_NAMES, placeholderAssets } from './support/placeholder-assets.ts';

const environmentSchema = z.object({ variables: z.record(z.string(), z.unknown()) }).optional();

const unchecked = { stages: ['dev'], checked: false } as const;

describe('without a build', () => {
  it('says which function is missing and how to build it', () => {
    const assetsDirectory = placeholderAssets(FUNCTION_NAMES.filter((name) => name !== 'sync-worker'));
    expect(() => buildApp({ ...unchecked, assetsDirectory })).toThrow(
      /functions\/sync-worker\/index\.mjs is missing: run `npm run build` first/,
    );
  });

  it('says that the site is missing and how to build it', () => {
    const assetsDirectory = placeholderAssets();
    rmSync(join(assetsDirectory, 'web'), { recursive: true });
    expect(() => buildApp({ ...unchecked, assetsDirectory })).toThrow(
      /web\/index\.html is missing: run `npm run build` first/,
    );
  });
});

describe('another vendor address', () => {
  it('reaches every function that calls the vendor', () => {
    const app = buildApp({
      ...unchecked,
      assetsDirectory: placeholderAssets(),
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
    expect(() =>
      buildApp({ ...unchecked, assetsDirectory: placeholderAssets(), gamePlatformApiBaseUrl: 'metactf' }),
    ).toThrow('gamePlatformApiBaseUrl must be an absolute URL, not "metactf"');
  });
});
