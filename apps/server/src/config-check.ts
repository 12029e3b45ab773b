import { constants, readFileSync } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import type { Problem } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import { filterProblem, filterSource } from './filter-file.ts'
import type { Path } from './schema-path.ts'

/**
 * Reads what a configuration names: filters, the files of a world, certificates. No port is opened and nothing is dialled.
 * @returns what is wrong with them.
 */
export async function checkNamedFiles(loaded: LoadedConfig): Promise<readonly Problem[]> {
  const { config, folder, problem } = loaded
  const found: (readonly Problem[])[] = []
  for (const [index, bot] of config.bots.entries()) {
    if (bot.backend.type === 'sandbox' && !['default', 'empty'].includes(bot.backend.world)) {
      const { loadWorldFile } = await import('./world-file.ts')
      found.push(problemsOf(() => loadWorldFile(loaded, index)))
    }
    for (const list of ['listen', 'connect'] as const) {
      for (const [at, link] of bot[list].entries()) {
        const path: Path = ['bots', index, list, at]
        const filter = await filterSource(link.filter, folder)
        if (filter) {
          const tell = (error: unknown): Problem | undefined => {
            const reason = filterProblem(error, link.filter)
            return reason && problem([...path, 'filter'], `: ${reason.sentence}`, reason.clause)
          }
          found.push(problemsOf(() => filter.compile(), tell))
        }
        const { tls } = link as { readonly tls?: TlsFiles }
        if (tls) {
          const tell = (key: string, reason: string) => problem([...path, 'tls', key], reason)
          found.push(...(await checkTls(tls, { folder, tell })))
        }
      }
    }
  }
  return found.flat()
}

/** @throws ConfigError for what is wrong with the files that a configuration names. */
export async function refuseNamedFiles(loaded: LoadedConfig): Promise<void> {
  const problems = await checkNamedFiles(loaded)
  if (problems.length > 0) throw new ConfigError(problems)
}

/** What is not wrong with a configuration and yet no use: a sentence for each. */
export async function notesOn({ config, folder, place }: LoadedConfig): Promise<readonly string[]> {
  const notes = config.files.allowed_paths.map(async (path, index) => {
    const reason = await whyUnusable(resolve(folder, path))
    const key = place(['files', 'allowed_paths', index])
    return reason === undefined ? [] : [`${key}: ${path} ${reason}, so no file of it can be sent`]
  })
  return (await Promise.all(notes)).flat()
}

async function whyUnusable(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return 'is no folder'
    await access(path, constants.R_OK | constants.X_OK)
    return undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'is not there'
    return code === 'EACCES' ? 'may not be read by this user' : `cannot be read: ${message}`
  }
}

interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

async function checkTls(
  tls: TlsFiles,
  { folder, tell }: { readonly folder: string; readonly tell: (key: string, reason: string) => Problem },
): Promise<readonly (readonly Problem[])[]> {
  const parts = (['ca', 'cert', 'key'] as const).filter((part) => tls[part] !== undefined)
  const read: Partial<Record<(typeof parts)[number], Buffer>> = {}
  const unread = parts.map((part) =>
    problemsOf(
      () => void (read[part] = readFileSync(resolve(folder, tls[part]!))),
      (error) => tell(part, `: ${tls[part]} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`),
    ),
  )
  if (unread.some((problems) => problems.length > 0)) return unread
  const { createSecureContext } = await import('node:tls')
  const tellOf = (error: unknown) =>
    tell(parts[0] ?? 'cert', `: these files are not what they should be: ${(error as Error).message}`)
  return [problemsOf(() => createSecureContext(read), tellOf)]
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'there is no such file' : message
}

/** @param tell says what an error is about; `undefined` for one that is about something else. */
function problemsOf(check: () => unknown, tell?: (error: unknown) => Problem | undefined): readonly Problem[] {
  try {
    check()
    return []
  } catch (error) {
    const told = tell?.(error)
    if (told) return [told]
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
