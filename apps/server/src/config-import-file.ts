import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { writeYaml } from './config-print.ts'
import { schemaLine } from './config-write.ts'
import type { LoadedConfig } from './config.ts'
import { ExpectedError } from './expected-error.ts'
import type { Path } from './schema-path.ts'

/**
 * The text of a seekyou.yml, to be written to `target`, that comes to the same as a configuration of another program.
 * @throws ExpectedError if it is none of another program.
 */
export function importedText({ foreign, folder, file }: LoadedConfig, target: string): string {
  if (!foreign) throw new ExpectedError(`${file} is a configuration of this program already`)
  const { program, notes } = foreign
  const data = relocated(foreign.data, folder, dirname(resolve(target))) as object
  const remark = (path: Path): string | undefined => {
    const origin = foreign.origin(path)
    const isOurs = origin?.startsWith(`${file}, as`)
    if (isOurs && typeof path.at(-1) === 'number') return undefined
    return isOurs ? `as ${program} has it` : origin
  }
  const template = (path: Path, value: unknown) =>
    foreign.template?.(path, value)?.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, '$${$1:}')
  const heads = [
    `Made of ${file}, a configuration of ${program}. Behind each value is where it comes from.`,
    ...(notes.length > 0
      ? ['', 'What of it has no meaning here, or another one:', ...notes.map((note) => `- ${note}`)]
      : []),
  ]
  const head = heads.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}`.trimEnd()).join('\n')
  return `${schemaLine(target)}${head}\n\n${writeYaml(data, remark, template)}`
}

/** Keys whose values are paths from the folder of the configuration. */
const pathKeys: readonly string[] = ['filter', 'data_files', 'socket']

/** The same for a file in another folder: relative paths lead where they led, and the data stay where they are. */
function relocated(data: unknown, from: string, to: string): unknown {
  if (from === to) return data
  const moved = (path: string): string => {
    const near = relative(to, resolve(from, path)).replaceAll('\\', '/')
    return near.startsWith('.') || isAbsolute(near) ? near : `./${near}`
  }
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, ''))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]))
    }
    return typeof value === 'string' && pathKeys.includes(key) && !isAbsolute(value) ? moved(value) : value
  }
  return { data_dir: moved('data'), ...(walk(data, '') as object) }
}
