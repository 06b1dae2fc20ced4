import { RemovalPolicy } from 'aws-cdk-lib';
import type { StageSettings } from '../stages.ts';

/**
 * What becomes of a resource that holds data when its stack goes. Its name is fixed: kept after a first deployment that
 * failed, it would make the second one fail too.
 */
export const keptOnceEstablished = ({ established }: StageSettings): RemovalPolicy =>
  established ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
