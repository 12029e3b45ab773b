import { resolve } from 'node:path'
import { systemClock } from '@seekyou/protocol'
import { ListenFailed } from '@seekyou/transport-http'
import type { RunningServer } from './compose.ts'
import { describeChanges } from './config-diff.ts'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import { createFileWatch } from './file-watch.ts'
import { filterFiles } from './filter-file.ts'
import type { ServerLog } from './log.ts'

/** Has a running server go by its configuration as it is now. Disposing of it ends that. */
export interface Reloading extends AsyncDisposable {
  /** Reads the configuration again; if that is being done already, once more after it. */
  ask(): void
}

/**
 * Watches the files of a configuration, and has the server go by them when they have changed or when it is asked to.
 * What cannot be used is told in the log with the words of a start, and everything goes on as it was.
 */
export function startReloading({
  server,
  loaded,
  load,
  log,
}: {
  readonly server: RunningServer
  /** What the server goes by. */
  readonly loaded: LoadedConfig
  /** @throws ConfigError */
  readonly load: () => LoadedConfig | Promise<LoadedConfig>
  readonly log: ServerLog
}): Reloading {
  let current = loaded
  let count = 0
  let isAsked = false
  let running: Promise<void> | undefined
  const ending = new AbortController()
  const watch = createFileWatch({ onChange: ask, clock: systemClock, log })
  watchFilesOf(current)

  function ask(): void {
    isAsked = true
    running ??= run().finally(() => (running = undefined))
  }

  async function run(): Promise<void> {
    while (isAsked && !ending.signal.aborted) {
      isAsked = false
      await reload()
    }
  }

  async function reload(): Promise<void> {
    // Each has a number, so that none is held back as a repetition of the one before.
    const told = log.child({ reload: ++count })
    let next: LoadedConfig | undefined
    try {
      next = await load()
      const before = current
      const diff = await server.reload(next)
      current = next
      log.setLevels(next.config.log_level)
      for (const note of next.notes) if (!before.notes.includes(note)) log.warn({ file: next.file }, note)
      told.info(describeChanges(before.config, next.config, diff), 'the configuration was read again')
      if (diff.needsRestart.length > 0) told.warn({ keys: diff.needsRestart }, 'what these keys say needs a restart')
    } catch (error) {
      const isTheirs = error instanceof ConfigError || error instanceof ListenFailed
      const why = isTheirs ? { reason: error.message } : { err: error }
      told.error(why, 'the configuration cannot be used, so everything goes on as it was')
    }
    // A file that was named and is not there yet may come.
    watchFilesOf(current, next)
  }

  function watchFilesOf(...configs: readonly (LoadedConfig | undefined)[]): void {
    const known = configs.filter((config) => config !== undefined)
    const isWanted = current.config.watch
    watch.watch(isWanted ? known.flatMap((config) => [resolve(config.file), ...filterFiles(config)]) : [])
  }

  return {
    ask,
    async [Symbol.asyncDispose]() {
      ending.abort()
      watch[Symbol.dispose]()
      await running
    },
  }
}
