import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { StageName } from '#infra/stages.ts';
import { lostBetween, missingFor, recordRelease, type Release } from '../releases/release.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const RELEASES = new URL('../releases/', import.meta.url);

/** The last release, as `npm run release:record` wrote it down. */
function lastRelease(stage: StageName): Release {
  const [last] = readdirSync(RELEASES)
    .filter((file) => file.endsWith('.json'))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  if (last === undefined) throw new Error('No release was recorded: npm run release:record.');
  const stages = JSON.parse(readFileSync(new URL(last, RELEASES), 'utf8')) as Record<StageName, Release>;
  return stages[stage];
}

/** The part of the changelog that is about the next release. */
const unreleased = (): string =>
  /^## Unreleased$([^]*?)^## /m.exec(
    `${readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8')}\n## `,
  )?.[1] ?? '';

export function release(stage: SynthesizedStage): void {
  const today = () => recordRelease(stage.stacks, stage.settings.account);
  const last = () => lastRelease(stage.name);

  it('leaves stacks of the last release everything that they take, while this one is deployed over it', () => {
    expect(missingFor(last(), today())).toEqual([]);
  });

  it('can be taken back in any order, or the changelog says that one has to begin with the last stack', () => {
    if (missingFor(today(), last()).length === 0) return;
    expect(unreleased()).toMatch(/taken back stack by stack, the last one first/);
  });

  it('replaces and removes nothing that data is lost with', () => {
    expect(lostBetween(last(), today())).toEqual([]);
  });
}
