/** Who calls, and with which rights. */
export interface Caller {
  readonly sub: string;
  /** The rights in force: an admin who acts as a coach has exactly that coach's, so `coach`. */
  readonly role: 'coach' | 'admin';
  /** The signed-in person's own name and address, also while acting as somebody. */
  readonly name: string;
  readonly email: string;
  /** Own coach, or the coach acted as; null for an admin who acts as nobody. */
  readonly coachId: string | null;
  /** The coach an admin acts as; null otherwise. Not null means that the person is an admin. */
  readonly actingAs: string | null;
}
