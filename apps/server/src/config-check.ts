import { compileFilter } from '@seekyou/event-filter'
import { readTlsFiles } from '@seekyou/transport-ws'
import type { LoadedConfig } from './config.ts'
import { filterProblem, filterSource } from './filter-file.ts'
import { resolveFiles } from './link-settings.ts'

/**
 * Reads what the links of a configuration name: filters and certificates. No port is opened and nothing is dialled.
 * @returns what is wrong with them.
 */
export function checkNamedFiles({ config, folder, place }: LoadedConfig): readonly string[] {
  const problems: string[] = []
  for (const [index, bot] of config.bots.entries()) {
    for (const list of ['listen', 'connect'] as const) {
      for (const [at, link] of bot[list].entries()) {
        const path = ['bots', index, list, at]
        try {
          const filter = filterSource(link.filter, folder)
          if (filter) compileFilter(filter.read())
        } catch (error) {
          const reason = filterProblem(error, link.filter)
          if (reason === undefined) throw error
          problems.push(`${place([...path, 'filter'])}: ${reason}`)
        }
        if (!('type' in link) || link.type !== 'reverse-ws') continue
        try {
          readTlsFiles(resolveFiles(link.tls, folder))
        } catch (error) {
          problems.push(`${place([...path, 'tls'])}: ${(error as Error).message}`)
        }
      }
    }
  }
  return problems
}
