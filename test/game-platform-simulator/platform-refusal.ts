/** An answer that is not a success: an HTTP status and the platform's `detail`. */
export class PlatformRefusal extends Error {
  override readonly name = 'PlatformRefusal';
  constructor(
    readonly status: number,
    readonly detail: string | readonly ValidationDetail[],
  ) {
    super(typeof detail === 'string' ? detail : 'Validation error');
  }
}

export interface ValidationDetail {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}
