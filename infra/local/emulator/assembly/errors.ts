/** Where in the templates a value stands. */
export interface Place {
  readonly stack: string;
  readonly resource: string;
  /** `Properties.Environment.Variables.TABLE_NAME` and the like. */
  readonly property: string;
}

/** The template asks for something that is not in it; CloudFormation would refuse it too. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
  constructor(place: Place, problem: string) {
    super(`${place.stack}: ${place.resource} (${place.property}) ${problem}`);
  }
}
