import { ActionFailure } from '@seekyou/protocol'

type FileFailureCode = 'FILE_NOT_FOUND' | 'FILE_FORBIDDEN' | 'FILE_TOO_LARGE' | 'FILE_TIMEOUT' | 'FILE_UNREADABLE'

/** A file that cannot, or must not, be loaded. */
export function fileFailure(code: FileFailureCode, wording: string, cause?: unknown): ActionFailure {
  return new ActionFailure('file', wording, { code, cause })
}

export function tooLarge(maxBytes: number): ActionFailure {
  const mib = Math.round((maxBytes / 2 ** 20) * 100) / 100
  return fileFailure('FILE_TOO_LARGE', `the file is larger than ${mib} MiB, which is all that is loaded`)
}

/** What names no file in any way. */
export function notAFile(wording: string): ActionFailure {
  return new ActionFailure('bad-params', wording)
}
