export const en = {
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  copy: 'Copy',
  copied: 'Copied',
  loading: 'Loading …',
  retry: 'Try again',
  absent: 'This server does not have it.',
}
