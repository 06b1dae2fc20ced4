import type { JobDetailView } from '#shared/jobs/contract.ts';
import { ChevronDown } from 'lucide-react';
import { payloadLines } from './job-words.ts';

/** What the job was started with: ids and options, folded. */
export function JobPayload({ job }: { job: Pick<JobDetailView, 'payload'> }) {
  const lines = payloadLines(job.payload);
  if (lines.length === 0) return null;
  return (
    <details className="job-fold">
      <summary>
        <b>Payload</b>
        <ChevronDown size={16} className="job-fold-arrow" aria-hidden />
      </summary>
      <dl className="facts">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
