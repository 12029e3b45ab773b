import { chmod, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
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
  const schema = fileURLToPath(new URL('seekyou.schema.json', import.meta.resolve('seekyou/package.json')))
  const near = relative(dirname(resolve(file)), schema)
  const isBelow = !near.startsWith('..') && !isAbsolute(near)
  return `# yaml-language-server: $schema=${isBelow ? `./${near.replaceAll('\\', '/')}` : schema}\n`
}
