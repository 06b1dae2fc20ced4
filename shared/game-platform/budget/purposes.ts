import type { Lane } from '#shared/settings/processing.ts';

/** What calls to the Game Platform are made for; the ledger counts them apart. */
export const CALL_PURPOSES = [
  'score_sync',
  'flash',
  'totals',
  'profile',
  'backfill',
  'onboarding',
  'roster',
  'reconcile',
  'interactive',
] as const;
export type CallPurpose = (typeof CALL_PURPOSES)[number];

const LANE_OF: Readonly<Record<CallPurpose, Lane>> = {
  score_sync: 'reads',
  flash: 'reads',
  totals: 'reads',
  profile: 'reads',
  backfill: 'reads',
  reconcile: 'reads',
  onboarding: 'roster',
  roster: 'roster',
  interactive: 'roster',
};

export const laneOf = (purpose: CallPurpose): Lane => LANE_OF[purpose];
