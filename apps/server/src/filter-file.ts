import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FilterSyntaxError } from '@seekyou/event-filter'
import type { FilterSource } from '@seekyou/hub'
import { ConfigError } from './config-error.ts'

/** Where the rules of a filter are: in the configuration itself, or in the file it names. */
export function filterSource(filter: unknown, folder: string): FilterSource | undefined {
  if (filter === undefined) return undefined
  if (typeof filter !== 'string') return { name: 'the event filter', read: () => filter }
  return { name: filter, read: () => readFilterFile(filter, folder) }
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

/** What to tell of a filter that cannot be read or compiled; `undefined` for an error that is about something else. */
export function filterProblem(error: unknown, filter: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message
  if (error instanceof FilterSyntaxError) return (typeof filter === 'string' ? `${filter}: ` : '') + error.message
  return undefined
}
