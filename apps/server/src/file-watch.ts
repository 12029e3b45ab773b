import { realpathSync, statSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock, Logger, Timer } from '@seekyou/protocol'

/** Looks out for changes of files; disposing of it ends that. */
export interface FileWatch extends Disposable {
  /** The files that matter from now on, as absolute paths; they need not be there. */
  watch(files: readonly string[]): void
}

/** How long files must stay as they are before a change of them counts, in ms: they may be half written. */
const QUIET_MS = 100

/**
 * Tells when any of some files has changed, come or gone. Their folders are watched and not they themselves, for most
 * editors and tools write another file and put it in the place of the first, and a link may come to lead elsewhere.
 */
export function createFileWatch({
  onChange,
  clock,
  log,
}: {
  readonly onChange: () => void
  readonly clock: Clock
  readonly log: Logger
}): FileWatch {
  const folders = new Map<string, FSWatcher>()
  let files: readonly string[] = []
  let known = ''
  let timer: Timer | undefined

  /** Not put off by events that go on and on: other things may be written in these folders all the time. */
  function lookSoon(seen: string): void {
    timer ??= clock.setTimeout(() => {
      timer = undefined
      // A link may lead into another folder now.
      watchFolders()
      const now = versionOf(files)
      if (now === known) return
      if (now !== seen) return lookSoon(now)
      known = now
      onChange()
    }, QUIET_MS)
  }

  function watchFolders(): void {
    const wanted = new Set(files.flatMap((file) => [dirname(file), dirname(target(file))]))
    for (const [folder, watcher] of folders) {
      if (wanted.has(folder)) continue
      watcher.close()
      folders.delete(folder)
    }
    for (const folder of wanted) if (!folders.has(folder)) watchFolder(folder)
  }

  function watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => lookSoon(known))
      watcher.on('error', (error) => giveUp(folder, error))
      folders.set(folder, watcher)
    } catch (error) {
      giveUp(folder, error)
    }
  }

  function giveUp(folder: string, error: unknown): void {
    folders.get(folder)?.close()
    folders.delete(folder)
    log.warn({ folder, reason: (error as Error).message }, 'changes here are not noticed; SIGHUP has them read')
  }

  return {
    watch(next) {
      // What changed since it was last looked at has not been told yet.
      const isKnown = known === versionOf(files)
      files = next
      if (isKnown) known = versionOf(files)
      // Their folders are listened to from the first look on, which also finds what has changed by then.
      lookSoon(known)
    },
    [Symbol.dispose]() {
      timer?.cancel()
      for (const watcher of folders.values()) watcher.close()
      folders.clear()
    },
  }
}

/** Where a path leads. */
function target(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** Another text whenever one of the files is another, or says something else. */
function versionOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      return found ? `${found.dev}/${found.ino}/${found.size}/${found.mtimeMs}` : '-'
    })
    .join()
}
