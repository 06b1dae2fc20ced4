import type { SyncSettings } from './sync-settings.ts';

type Figure = (settings: SyncSettings) => number;

const share = ({ on, share: of }: { readonly on: boolean; readonly share: number }): number => (on ? of : 0);

/** By path, a figure that makes someone wait longer when it falls. */
const QUICKNESS: Readonly<Record<string, Figure>> = {
  // On, the tiers and the rotation decide; off, everyone is read every half hour.
  batching: ({ batching }) => (batching ? 0 : 1),
  batchSize: ({ batchSize }) => batchSize,
  prioritisation: ({ prioritisation }) => share(prioritisation),
  adaptive: ({ adaptive }) => share(adaptive),
  'adaptive.dailyReads': ({ adaptive }) => adaptive.dailyReads ?? Infinity,
  'tierMinutes.high': ({ tierMinutes }) => -tierMinutes.high,
  'tierMinutes.medium': ({ tierMinutes }) => -tierMinutes.medium,
  'tierMinutes.low': ({ tierMinutes }) => -tierMinutes.low,
  slaHours: ({ slaHours }) => -slaHours,
  sweepLimit: ({ sweepLimit }) => sweepLimit,
  dailyCallBudget: ({ dailyCallBudget }) => dailyCallBudget,
  callsPerSecond: ({ callsPerSecond }) => callsPerSecond,
  'rosterReserve.perSecond': ({ rosterReserve }) => -rosterReserve.perSecond,
  'rosterReserve.perDay': ({ rosterReserve }) => -rosterReserve.perDay,
  concurrency: ({ concurrency }) => concurrency,
};

/** Paths of what makes someone wait longer after a change than before it. */
export const slowerPaths = (before: SyncSettings, after: SyncSettings): readonly string[] =>
  Object.entries(QUICKNESS)
    .filter(([, figure]) => figure(after) < figure(before))
    .map(([path]) => `sync.${path}`);
