import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import { linkOptions } from '@seekyou/hub'
import type { FilterSource, LinkOptions } from '@seekyou/hub'
import { readTlsFiles } from '@seekyou/transport-ws'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'

type LinkSettings = { readonly [Key in keyof LinkOptions]?: LinkOptions[Key] | undefined } & {
  readonly filter?: unknown
}

/** What a link says itself, and for the rest what all links get. */
export function linkOptionsOf(link: LinkSettings, defaults: LinkOptions): LinkOptions {
  const keys = Object.keys(linkOptions.shape) as (keyof LinkOptions)[]
  return Object.assign({}, ...keys.map((key) => ({ [key]: link[key] ?? defaults[key] })))
}

/** Where the rules of a filter are: in the configuration itself, or in the file it names. */
export function filterSource(filter: unknown, folder: string): FilterSource | undefined {
  if (filter === undefined) return undefined
  if (typeof filter !== 'string') return { name: 'the event filter', read: () => filter }
  return { name: filter, read: () => readFilterFile(filter, folder) }
}

/** The files of a TLS connection, from the folder that relative paths start from. */
export function resolveFiles<Tls extends { readonly [Part in 'ca' | 'cert' | 'key']?: string | undefined }>(
  tls: Tls,
  folder: string,
): Tls {
  const files = (['ca', 'cert', 'key'] as const).flatMap((part) => {
    const path = tls[part]
    return path === undefined ? [] : [[part, resolve(folder, path)] as const]
  })
  return { ...tls, ...Object.fromEntries(files) }
}

/** The files that filters are read from. */
export function filterFiles({ config: { bots }, folder }: Pick<LoadedConfig, 'config' | 'folder'>): readonly string[] {
  const filters = bots.flatMap(({ listen, connect }) => [...listen, ...connect].map(({ filter }) => filter))
  return filters.flatMap((filter) => (typeof filter === 'string' ? [resolve(folder, filter)] : []))
}

/** Reads the files that links name. @throws ConfigError, one line for each thing that is wrong with them. */
export function checkLinks({ config, folder, place }: LoadedConfig): void {
  const problems: string[] = []
  for (const [index, bot] of config.bots.entries()) {
    for (const list of ['listen', 'connect'] as const) {
      for (const [at, link] of bot[list].entries()) {
        const path = ['bots', index, list, at]
        const problem = filterProblem(link.filter, folder)
        if (problem !== undefined) problems.push(`${place([...path, 'filter'])}: ${problem}`)
        if (!('type' in link) || link.type !== 'reverse-ws') continue
        try {
          readTlsFiles(resolveFiles(link.tls, folder))
        } catch (error) {
          problems.push(`${place([...path, 'tls'])}: ${(error as Error).message}`)
        }
      }
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

/** What is wrong with a filter that cannot be read or compiled. */
function filterProblem(filter: unknown, folder: string): string | undefined {
  const source = filterSource(filter, folder)
  try {
    if (source) compileFilter(source.read())
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    if (error instanceof FilterSyntaxError) return (typeof filter === 'string' ? `${filter}: ` : '') + error.message
    throw error
  }
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
