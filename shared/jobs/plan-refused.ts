/** Thrown by a planner: the job is not begun, and its error says why. */
export class PlanRefusedError extends Error {
  override readonly name = 'PlanRefusedError';
  /** For a person; without anybody's data. */
  readonly sentence: string;
  constructor(sentence: string) {
    super(sentence);
    this.sentence = sentence;
  }
}
