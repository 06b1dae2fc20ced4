import type { ChainLink } from '#shared/competitors/contract.ts';

/** The names of the chain's links, and of what a link can be. */

export const LINK_NAMES: Readonly<Record<ChainLink['link'], string>> = {
  release: 'Release',
  account: 'Account',
  approval: 'Approval',
  team: 'Team',
  last_solve: 'Last solve',
};

export const STATE_NAMES: Readonly<Record<ChainLink['state'], string>> = {
  done: 'done',
  live: 'live',
  waiting_you: 'someone acts',
  waiting_platform: 'platform acts',
  refused: 'refused',
  not_yet: 'not yet',
};
