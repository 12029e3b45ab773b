import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry } from '@seekyou/hub'
import type { Clock, Logger, Refusal, UserId } from '@seekyou/protocol'
import type { AuditOptions } from './audit-options.ts'

/** A disk that is too slow must not fill the memory: what comes beyond so many bytes that wait is only counted. */
const MOST_WAITING = 8 * 1024 * 1024
/** Who has no token can try as often as they like; beyond so many lines a second their tries are only counted. */
const MOST_STRANGERS = 10

/** The audit log of a server: `audit.log` in its data folder, a line of JSON for each entry. Disposing writes the rest. */
export interface AuditLog extends AsyncDisposable {
  readonly write: (entry: AuditEntry) => void
}

export function openAuditLog({
  dataDir,
  options,
  log,
}: {
  readonly dataDir: string
  readonly options: AuditOptions
  readonly log: Logger
}): AuditLog {
  const path = join(dataDir, 'audit.log')
  const maxBytes = options.max_size * 1024 * 1024
  let waiting: string[] = []
  let waitingBytes = 0
  let omitted = 0
  let size: number | undefined
  let writing: Promise<void> | undefined
  const strangers = { second: 0, lines: 0 }

  function write(entry: AuditEntry): void {
    if (waitingBytes > MOST_WAITING || isOneTooMany(entry)) {
      omitted++
      return
    }
    const { at, ...rest } = entry
    const line = `${JSON.stringify({ at: new Date(at).toISOString(), ...rest, ...(omitted > 0 && { omitted }) })}\n`
    omitted = 0
    waiting.push(line)
    waitingBytes += line.length
    writing ??= drain().finally(() => (writing = undefined))
  }

  function isOneTooMany({ at, token, action }: AuditEntry): boolean {
    if (token !== null || action !== null) return false
    const second = Math.floor(at / 1000)
    if (strangers.second !== second) Object.assign(strangers, { second, lines: 0 })
    return ++strangers.lines > MOST_STRANGERS
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const text = waiting.join('')
      waiting = []
      waitingBytes = 0
      try {
        const bytes = Buffer.byteLength(text)
        size ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0
        if (size > 0 && size + bytes > maxBytes) {
          rotate(path, options.max_files)
          size = 0
        }
        await appendFile(path, text, { mode: 0o600 })
        // One that was there may have been made by someone else.
        if (size === 0) chmodSync(path, 0o600)
        size += bytes
      } catch (error) {
        size = undefined
        log.error({ err: error }, 'the audit log cannot be written')
      }
    }
  }

  return {
    write,
    async [Symbol.asyncDispose]() {
      await writing
    },
  }
}

/** Has written down what the listeners of an account turn away before it is a call. */
export function auditRefusals(audit: AuditLog, self_id: UserId, clock: Clock): (refusal: Refusal) => void {
  return ({ token = null, from = null, reason }) =>
    audit.write({ at: clock.now(), self_id, token, from, action: null, chat: null, outcome: 'refused', reason })
}

/** Each file takes the next number; what has the last is overwritten. */
function rotate(path: string, maxFiles: number): void {
  const files = [path, ...Array.from({ length: maxFiles - 1 }, (_, index) => `${path}.${index + 1}`)]
  if (files.length === 1) return rmSync(path, { force: true })
  for (let index = files.length - 2; index >= 0; index--) {
    if (existsSync(files[index]!)) renameSync(files[index]!, files[index + 1]!)
  }
}
