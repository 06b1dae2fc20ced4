/** It stopped: why, and what to do next. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  constructor(
    message: string,
    readonly whatToDo: string,
  ) {
    super(message);
  }
}

/** It was not called as it has to be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What any error says to the operator: our own, those of the SDK, and whatever else was not foreseen. */
export function stoppedBy(error: unknown): { readonly message: string; readonly whatToDo: string } {
  if (error instanceof StoppedError) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (/Credential|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|TokenRefresh/.test(name))
    return {
      message: `AWS does not take the credentials (${name}).`,
      whatToDo: 'Sign in to the account of the stage (AWS_PROFILE, `aws sso login`), then run it again.',
    };
  if (/AccessDenied|NotAuthorized|UnauthorizedOperation|^AuthorizationError/.test(name))
    return {
      message: `AWS refuses it: ${message}`,
      whatToDo: 'Use a role of the account that may do this, then run it again; what was done stays done.',
    };
  if (/Timeout|ECONN|ENOTFOUND|EAI_AGAIN|Throttl|TooManyRequests/.test(`${name} ${message}`))
    return {
      message: `AWS did not answer in time (${name}).`,
      whatToDo: 'Check the network and run it again: it goes on where it was.',
    };
  return {
    message: `${name}: ${message}`,
    whatToDo:
      'Run it again: it goes on where it was. If it stays, look at AWS’s health page, then for the name of the error.',
  };
}
