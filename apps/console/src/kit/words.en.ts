export const en = {
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  copy: 'Copy',
  copied: 'Copied',
  loading: 'Loading …',
  retry: 'Try again',
  unreachable: 'The server cannot be reached.',
  absent: 'This server does not have it.',
}
