import { LONGEST_SNOOZE_DAYS, type Alert } from '#shared/alerts/contract.ts';
import { addDays } from '#shared/kernel/days.ts';
import { dayIn } from '#shared/kernel/format.ts';
import { snoozeAlert, useAlertsAgain } from '#web/shared/alerts/alerts.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf } from '#web/shared/api/api-error.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

const DEFAULT_SNOOZE_DAYS = 3;

/** Puts an alert off until a day. */
export default function SnoozeDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const api = useApi();
  const { timeZone } = useConfig();
  const again = useAlertsAgain();
  const today = dayIn(timeZone, useNow());
  const [day, setDay] = useState(() => addDays(today, DEFAULT_SNOOZE_DAYS));
  const snooze = useMutation({
    // Noon UTC is the morning of that day in every zone of the US.
    mutationFn: () => snoozeAlert(api, { id: alert.id, until: `${day}T12:00:00.000Z` }),
    onSuccess: async () => {
      await again();
      showToast('ok', 'The alert is snoozed', alert.headline);
      onClose();
    },
  });
  return (
    <Dialog title="Snooze this alert" onClose={onClose}>
      <SaveForm
        what="this alert"
        action="Snooze"
        saving={snooze.isPending}
        error={snooze.error}
        unchanged={day === ''}
        onSave={snooze.mutate}
        onClose={onClose}
      >
        <p className="text-13 text-text-2">{alert.headline}</p>
        <TextInput
          label="Until"
          type="date"
          value={day}
          min={addDays(today, 1)}
          max={addDays(today, LONGEST_SNOOZE_DAYS - 1)}
          hint="It comes back that morning, or sooner if someone else needs the same thing."
          error={fieldErrorOf(snooze.error, 'until')}
          onChange={setDay}
        />
      </SaveForm>
    </Dialog>
  );
}
