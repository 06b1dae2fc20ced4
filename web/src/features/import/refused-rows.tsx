import type { JobView } from '#shared/jobs/contract.ts';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useApi } from '../../shared/api/api-context.ts';
import { messageOf } from '../../shared/api/api-error.ts';
import { allJobRows } from '../../shared/api/job-rows.ts';
import { saveFile } from '../../shared/api/save-file.ts';
import { Button } from '../../shared/ui/button.tsx';
import { showToast } from '../../shared/ui/toasts.ts';
import { outcomeCount, refusedCsv } from './import-words.ts';

/** The refused rows as a file for spreadsheets: line and reason, beside the file that is to be mended. */
export function RefusedRows({ job }: { job: JobView }) {
  const api = useApi();
  const fetched = useMutation({
    mutationFn: () => allJobRows(api, { jobId: job.id, outcome: 'refused' }),
    onSuccess: (rows) =>
      saveFile(new Blob([refusedCsv(rows)], { type: 'text/csv;charset=utf-8' }), 'refused-rows.csv'),
    onError: (error) => showToast('error', 'The file could not be made', messageOf(error)),
  });
  if (outcomeCount(job, 'refused') === 0) return null;
  return (
    <Button
      aria-disabled={fetched.isPending || undefined}
      onClick={() => {
        if (!fetched.isPending) fetched.mutate();
      }}
    >
      <Download size={14} aria-hidden /> {fetched.isPending ? 'Fetching' : 'Download refused rows'}
    </Button>
  );
}
