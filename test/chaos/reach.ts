import { FAULT_KINDS, SCHEDULES } from './history.ts';
import { SEND_TROUBLES } from './queues.ts';
import { TABLE_TROUBLES } from './table-troubles.ts';

/** What has to be seen among many seeds, so that they prove what they are meant to. */
export const REACH: readonly string[] = [
  ...FAULT_KINDS.map((kind) => `platform ${kind}`),
  ...TABLE_TROUBLES.map((kind) => `table ${kind}`),
  'index read late',
  ...SEND_TROUBLES.map((kind) => `queue ${kind}`),
  ...Object.keys(SCHEDULES),
  ...['put', 'take', 'newTeam', 'deleteTeam', 'rename', 'recreate', 'toggle', 'erase', 'onboard'].map(
    (act) => `edit ${act}`,
  ),
  ...['processing', 'settings', 'job'].map((act) => `edit ${act}`),
  'edit while workers work',
  'workers side by side',
  'message lost',
  'message doubled',
  'dead letter',
  'dead letters redriven',
  'solve',
  'solve late',
  'solve in an event',
  'solve corrected',
  'solve revoked',
  'solve hidden for a while',
  'scores reset',
  'approved',
  'Flash CTF',
  'person erased',
  ...['work-worker', 'sync-worker', 'roster-worker', 'api'].flatMap((name) => [
    `killed ${name} before`,
    `killed ${name} after`,
  ]),
];
