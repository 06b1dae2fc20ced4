import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useApi } from '../../shared/api/api-context.ts';
import { ApiError } from '../../shared/api/api-error.ts';
import { saveFile } from '../../shared/api/save-file.ts';
import { Button } from '../../shared/ui/button.tsx';
import { showToast } from '../../shared/ui/toasts.ts';

/** `GET /api/game-platform/exports/roster.csv`: everybody listed, as a file for spreadsheets. */
export function ExportRoster({ coachId, className }: { coachId: string | null; className?: string }) {
  const api = useApi();
  const fetched = useMutation({
    mutationFn: () => api.download('/api/game-platform/exports/roster.csv', { coachId }),
    onSuccess: (file) => saveFile(file, 'roster.csv'),
    onError: (error) =>
      showToast(
        'error',
        'The file could not be made',
        error instanceof ApiError ? error.facts.message : 'The site made a mistake.',
      ),
  });
  return (
    <Button
      className={className}
      aria-disabled={fetched.isPending || undefined}
      onClick={() => {
        if (!fetched.isPending) fetched.mutate();
      }}
    >
      <Download size={14} aria-hidden /> {fetched.isPending ? 'Fetching' : 'Export CSV'}
    </Button>
  );
}
