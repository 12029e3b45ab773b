import { chmod, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { ExpectedError } from './expected-error.ts'

/**
 * Writes a configuration that only its owner may read, since there are secrets in it.
 * @throws ExpectedError where there is a file already, unless it may be overwritten.
 */
export async function writeConfigFile(file: string, text: string, { force = false } = {}): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx', mode: 0o600 })
    await chmod(file, 0o600)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const reason = code === 'EEXIST' ? 'it is there already, and is not overwritten' : message
    throw new ExpectedError(`${file} cannot be written: ${reason}`, { cause })
  }
}

/** The first line of a configuration: editors find by it what may stand there. */
export function schemaLine(file: string): string {
  // By the name of the package, since the program is at one depth as sources and at another as it is shipped.
  const manifest = createRequire(import.meta.url).resolve('seekyou/package.json')
  const schema = join(dirname(manifest), 'seekyou.schema.json')
  const near = relative(dirname(resolve(file)), schema)
  const isBelow = !near.startsWith('..') && !isAbsolute(near)
  return `# yaml-language-server: $schema=${isBelow ? `./${near.replaceAll('\\', '/')}` : schema}\n`
}
