import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a rule does not apply to a construct and what is under it.
 *
 * @param id rule with its pack, for example `AwsSolutions-S1`; one finding of a rule is `AwsSolutions-IAM5[Resource::*]`
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
