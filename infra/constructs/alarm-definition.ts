import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** `urgent`: coaches are held up now, and waiting does not mend it. `soon`: within a working day. */
export type Severity = 'urgent' | 'soon';

/**
 * What to be told about. Constructs declare these beside what they watch; the observability stack makes the alarms of
 * them, so that no stack depends on it and none of its alarms can be forgotten.
 */
export interface AlarmDefinition {
  /** Unique in a stage, in PascalCase. */
  readonly id: string;
  readonly severity: Severity;
  readonly metric: IMetric;
  readonly threshold: number;
  /** How many periods in a row. @default 1 */
  readonly evaluationPeriods?: number;
  /** @default GreaterThanOrEqualToThreshold */
  readonly comparisonOperator?: ComparisonOperator;
  /** @default not breaching */
  readonly treatMissingData?: TreatMissingData;
  /** What it means for coaches and what to expect, in a sentence or two. */
  readonly meaning: string;
  /** Heading of the article in `docs/runbook.md`, as GitHub makes its anchor. */
  readonly runbookArticle: string;
}
