import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FilterSyntaxError } from '@seekyou/event-filter'
import type { FilterSource } from '@seekyou/hub'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import type { Path } from './schema-path.ts'

/** Where the rules of a filter are: in the configuration itself, or in the file it names. */
export async function filterSource(filter: unknown, folder: string): Promise<FilterSource | undefined> {
  if (filter === undefined) return undefined
  const { compileFilter } = await import('@seekyou/event-filter/compile')
  if (typeof filter !== 'string') return { name: 'the event filter', compile: () => compileFilter(filter) }
  return { name: filter, compile: () => compileFilter(readFilterFile(filter, folder)) }
}

function readFilterFile(file: string, folder: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(folder, file), 'utf8'))
  } catch (error) {
    const { message } = error as Error
    if (error instanceof SyntaxError) {
      throw new ConfigError([`${file}: this is not JSON: ${message.replaceAll(/\s+/g, ' ')}`])
    }
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : message
    throw new ConfigError([`${file}: the event filter cannot be read: ${reason}`])
  }
}

/**
 * What to tell of a filter that cannot be read or compiled, and about which part of the rules where they stand in the
 * configuration; `undefined` for an error that is about something else.
 */
export function filterProblem(
  error: unknown,
  filter: unknown,
): { readonly sentence: string; readonly clause?: Path } | undefined {
  if (error instanceof ConfigError) return { sentence: error.message }
  if (!(error instanceof FilterSyntaxError)) return undefined
  if (typeof filter === 'string') return { sentence: `${filter}: ${error.message}` }
  const [, ...steps] = error.path.split('/')
  return { sentence: error.message, clause: steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) }
}

/** The files that filters are read from. */
export function filterFiles({ config: { bots }, folder }: Pick<LoadedConfig, 'config' | 'folder'>): readonly string[] {
  const filters = bots.flatMap(({ listen, connect }) => [...listen, ...connect].map(({ filter }) => filter))
  return filters.flatMap((filter) => (typeof filter === 'string' ? [resolve(folder, filter)] : []))
}
