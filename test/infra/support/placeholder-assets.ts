import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FUNCTION_NAMES = [
  'public-api',
  'competitors-api',
  'onboarding-api',
  'teams-api',
  'dashboard-api',
  'jobs-api',
  'coaches-api',
  'settings-api',
  'dead-letters-api',
  'schedules-api',
  'roster-worker',
  'sync-worker',
  'work-worker',
  'schedule-seeder',
] as const;

/** Makes a folder look like `dist` after a build, so that templates can be tested without one. */
export function placeholderAssets(directory: string, names: readonly string[] = FUNCTION_NAMES): string {
  for (const name of names) {
    mkdirSync(join(directory, 'functions', name), { recursive: true });
    writeFileSync(
      join(directory, 'functions', name, 'index.mjs'),
      `export const handler = () => '${name}';\n`,
    );
  }
  mkdirSync(join(directory, 'web', 'assets'), { recursive: true });
  writeFileSync(join(directory, 'web', 'index.html'), '<!doctype html>\n');
  writeFileSync(join(directory, 'web', 'assets', 'index-abc123.js'), '\n');
  return directory;
}
