import { counted } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextArea } from '#web/shared/ui/inputs.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { Copy } from 'lucide-react';
import { useState } from 'react';

/** A reminder to copy for those whose release is missing. One text for all of them, so it names no student. */
const reminderText = (coach: { readonly name: string; readonly school: string } | null): string =>
  [
    'Hello,',
    '',
    `Your student signed up for the cyber team${coach === null ? '' : ` at ${coach.school}`}. Before we can set up an account, we need one form: the media release. It takes about two minutes.`,
    '',
    '1. Print the form, or ask me for a paper copy.',
    '2. Sign and date it.',
    '3. Send it back with your student, or reply with a photo.',
    '',
    'Questions? Just reply to this email.',
    ...(coach === null ? [] : ['', coach.name]),
  ].join('\n');

/** The reminder's text, to be changed and copied; nothing is sent from here. */
export function ReminderDialog({
  count,
  coach,
  onClose,
}: {
  count: number;
  coach: { readonly name: string; readonly school: string } | null;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => reminderText(coach));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      showToast('ok', 'The text is copied', 'Paste it into an email. Put the addresses in Bcc.');
    } catch {
      showToast('error', 'Not copied', 'The browser did not allow it. Select the text and copy it.');
    }
  };
  return (
    <Dialog title={`Reminder for ${counted(count, 'guardian')}`} onClose={onClose}>
      <p className="text-13 text-text-2">
        You copy it and send it yourself, from an address guardians know. It names no student, so it can go to
        all of them.
      </p>
      <TextArea label="Text" rows={12} value={text} onChange={setText} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button look="primary" onClick={() => void copy()}>
          <Copy size={14} aria-hidden /> Copy text
        </Button>
      </div>
    </Dialog>
  );
}
