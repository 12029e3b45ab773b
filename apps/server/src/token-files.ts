import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecret, hashSecret, tokenLimits, tokenName } from '@seekyou/hub'
import type { TokenSettings } from '@seekyou/hub'
import type { Clock, Timer } from '@seekyou/protocol'
import * as z from 'zod'
import { sentenceOf } from './issue-sentence.ts'
import { pathText } from './schema-path.ts'
import { ExpectedError } from './expected-error.ts'

/** A token to be made: its name and what it may. */
export const newToken = z.lazy(() => tokenLimits.unwrap().safeExtend({ name: tokenName() }))
export type NewToken = z.output<typeof newToken>

const storedToken = z.lazy(() =>
  newToken.unwrap().safeExtend({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'the SHA-256 of a secret, in hex' }),
    created_at: z.iso.datetime({ error: 'a time' }),
  }),
)

/** What the folder of tokens holds. */
export interface TokenFolder {
  readonly tokens: readonly TokenSettings[]
  /** A sentence for each file that is no token; none of them opens anything. */
  readonly problems: readonly string[]
}

/** How often the folder is looked at for what has changed, in ms. */
const LOOK_MS = 250

/*
 * Every token that the program made has a file of its own, `tokens/<name>.json` in the data folder: two commands that
 * run at the same time cannot lose one another's, and a file that is damaged takes no other with it.
 */

function folderOf(dataDir: string): string {
  return join(dataDir, 'tokens')
}

function pathOf(dataDir: string, name: string): string {
  return join(folderOf(dataDir), `${name}.json`)
}

/** Reads every token that there is. */
export function readTokenFolder(dataDir: string): TokenFolder {
  const folder = folderOf(dataDir)
  const tokens: TokenSettings[] = []
  const problems: string[] = []
  for (const file of filesIn(folder)) {
    const name = file.slice(0, -'.json'.length)
    const read = readTokenFile(join(folder, file), name)
    if (typeof read === 'object') tokens.push(read)
    else if (read !== undefined) {
      problems.push(`tokens/${file} is no token: ${read}; mend it, or remove it with: seekyou token revoke ${name}`)
    }
  }
  return { tokens, problems }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(isTokenFile).toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new ExpectedError(`the tokens in ${folder} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function isTokenFile(file: string): boolean {
  return file.endsWith('.json') && !file.startsWith('.')
}

/** The token, or what is wrong with its file; `undefined` where it has just been removed. */
function readTokenFile(path: string, name: string): TokenSettings | string | undefined {
  let data: unknown
  try {
    data = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
  }
  const read = storedToken.safeParse(data, { reportInput: true })
  if (!read.success) return problemsIn(read.error).join('; ')
  return read.data.name === name ? read.data : `it is the file of a token called ${JSON.stringify(read.data.name)}`
}

/** What is wrong with the settings of a token: a sentence for each thing. */
export function problemsIn(error: z.ZodError): readonly string[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${key} is not a key of a token`)
      : [pathText(issue.path) + sentenceOf(issue)],
  )
}

/** Makes a token and gives its secret, which is kept nowhere. @throws ExpectedError where there is one of that name. */
export function createTokenFile(dataDir: string, token: NewToken, now: Date): string {
  const secret = createSecret()
  const folder = folderOf(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const written = join(folder, `.${token.name}.${randomBytes(6).toString('hex')}`)
  const text = JSON.stringify({ ...token, sha256: hashSecret(secret), created_at: now.toISOString() }, null, 2)
  try {
    writeWhole(written, `${text}\n`)
    putInPlace(written, pathOf(dataDir, token.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new ExpectedError(`there is a token ${JSON.stringify(token.name)} already; revoke it first`, { cause: error })
  } finally {
    rmSync(written, { force: true })
  }
  return secret
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** All of it at once, and never over another one. */
function putInPlace(written: string, path: string): void {
  try {
    linkSync(written, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Some file systems know no links.
    if (code === 'EEXIST' || existsSync(path)) throw Object.assign(error as Error, { code: 'EEXIST' })
    renameSync(written, path)
  }
}

/** Removes a token, whatever is in its file; false if there is none. */
export function removeTokenFile(dataDir: string, name: string): boolean {
  if (!tokenName().safeParse(name).success) return false
  try {
    rmSync(pathOf(dataDir, name))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/**
 * Calls `onChange` whenever a token was made, changed or removed, by a command or by hand, once its file stays as it is
 * for a moment. Disposing ends it.
 */
export function watchTokenFolder(dataDir: string, clock: Clock, onChange: () => void): Disposable {
  const folder = folderOf(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Looked at, not listened to: that also works on the disks of other machines.
  let known: string | undefined
  let seen: string | undefined
  let timer: Timer
  let isOver = false
  function lookLater(): void {
    timer = clock.setTimeout(() => void look(), LOOK_MS)
  }
  async function look(): Promise<void> {
    const now = await versionOf(folder)
    if (isOver) return
    lookLater()
    const isWhole = now === seen
    seen = now
    if (now === known || !isWhole) return
    known = now
    onChange()
  }
  // What changes until then is found all the same.
  lookLater()
  return {
    [Symbol.dispose]() {
      isOver = true
      timer.cancel()
    },
  }
}

/** Another text whenever a token file has come, gone or changed. */
async function versionOf(folder: string): Promise<string> {
  const files = await readdir(folder).catch(() => [])
  const versions = files.filter(isTokenFile).map(async (file) => {
    const found = await stat(join(folder, file)).catch(() => undefined)
    return found ? `${file}/${found.ino}/${found.size}/${found.mtimeMs}` : ''
  })
  return (await Promise.all(versions)).toSorted().join()
}
