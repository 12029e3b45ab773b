import { createFileSource } from '@seekyou/file-source'
import type { FileSourceSetup } from '@seekyou/file-source'
import { ActionFailure } from '@seekyou/protocol'
import { createVirtualClock } from '@seekyou/testkit'

/** A source that may reach the servers of the tests, which are all on this machine. */
export function createOpenSource(setup: Partial<FileSourceSetup> = {}) {
  return createFileSource({ clock: createVirtualClock(), allow_private_networks: true, ...setup })
}

/** How a load fails, as `code: wording`; `bad-params: wording` for what is no file at all. */
export async function failureOf(load: Promise<unknown>): Promise<string> {
  const error: unknown = await load.then(
    () => new Error('it was loaded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ActionFailure)) throw error
  return `${error.kind === 'file' ? error.code : error.kind}: ${error.message}`
}
