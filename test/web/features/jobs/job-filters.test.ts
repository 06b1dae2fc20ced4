import {
  filtersOf,
  filterWords,
  isFiltered,
  isSameFilter,
  NAMED_FILTERS,
} from '#web/features/jobs/job-filters.ts';
import { describe, expect, test } from 'vitest';

const of = (address: string) => filtersOf(new URLSearchParams(address));

describe('the filters of an address', () => {
  test.each([
    ['', { status: null, type: null, by: null }],
    ['status=failed&type=job_cleanup&by=people', { status: 'failed', type: 'job_cleanup', by: 'people' }],
    ['status=stuck&type=reboot&by=nobody', { status: null, type: null, by: null }],
  ])('“%s”', (address, filters) => {
    expect(of(address)).toEqual(filters);
  });

  test('are none when the address says nothing that is known', () => {
    expect(isFiltered(of('status=stuck'))).toBe(false);
    expect(isFiltered(of('by=schedules'))).toBe(true);
  });

  test('are said in words', () => {
    expect(filterWords(of('status=failed&type=game_platform_sync&by=people'))).toBe(
      'failed, Score sync, started by people',
    );
    expect(filterWords(of(''))).toBe('');
  });

  test('have a name where they are asked for often, each one of its own', () => {
    expect(NAMED_FILTERS.find((named) => isSameFilter(named, of('status=failed')))?.name).toBe('Failed');
    expect(NAMED_FILTERS.filter((named) => isSameFilter(named, of('')))).toHaveLength(1);
  });
});
