import type { CompetitorStatus } from './contract.ts';

/** What the site and the files for spreadsheets call the states of a competitor. Safe in a browser. */

/** The API's own names say what is done; these say where somebody is. */
export const STATUS_NAMES: Readonly<Record<CompetitorStatus, string>> = {
  pending: 'Profile incomplete',
  profile: 'Needs release',
  compliance: 'Ready to add',
  complete: 'On the platform',
};

/** The platform's word for an account's state; one we do not know is shown as it came. */
export function accountStatusName(status: string | null): string {
  switch (status) {
    case 'user_created':
      return 'account created';
    case 'pending_approval':
      return 'waiting for approval';
    case 'approved':
      return 'approved';
    case 'denied':
      return 'denied';
    case null:
      return 'not known yet';
    default:
      return status;
  }
}
