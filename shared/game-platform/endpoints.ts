/** The calls of the vendor's API. `write`: a second call may not be harmless. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly write: boolean;
  /** Milliseconds that one attempt may take. @default CALL_TIMEOUT_MS */
  readonly timeoutMs?: number;
}

export const CALL_TIMEOUT_MS = 5_000;

const ENDPOINTS = {
  index: { method: 'GET', path: '/', write: false },
  getUser: { method: 'GET', path: '/users', write: false },
  createUser: { method: 'POST', path: '/users', write: true },
  createTeam: { method: 'POST', path: '/teams', write: true },
  deleteTeam: { method: 'POST', path: '/teams/delete', write: true },
  assignTeam: { method: 'POST', path: '/users/assign_team', write: true },
  deleteAssignment: { method: 'POST', path: '/users/delete_assignment', write: true },
  getTeamAssignments: { method: 'GET', path: '/users/get_team_assignments', write: false, timeoutMs: 15_000 },
  getOdlScores: { method: 'GET', path: '/scores/get_odl_scores', write: false },
  getFlashCtfProgress: { method: 'GET', path: '/scores/get_flash_ctf_progress', write: false },
  sendPasswordReset: { method: 'POST', path: '/auth/send_password_reset_email', write: true },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

export const endpointOf = (name: EndpointName): Endpoint => ENDPOINTS[name];
