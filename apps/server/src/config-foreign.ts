import * as z from 'zod'
import { fromCqhttp, readIni, readJsonKeys } from './config-cqhttp.ts'
import { ConfigError } from './config-error.ts'
import { fromGoCqhttp, goCqhttpSchema } from './config-go-cqhttp.ts'
import { separate } from './config-import.ts'
import type { ImportedConfig } from './config-import.ts'
import { parseConfigText } from './config-text.ts'
import type { ConfigPlaces } from './config-text.ts'
import { pathText } from './schema-path.ts'
import type { Path } from './schema-path.ts'

/** Programs whose configurations are read as they are. */
export type ForeignProgram = 'go-cqhttp' | 'CQHTTP'

export interface ForeignSource {
  readonly name: string
  readonly text: string
  readonly program: ForeignProgram
}

/** A foreign configuration in our words, not yet checked, with places in the original. */
export interface ForeignConfig extends ConfigPlaces {
  readonly program: ForeignProgram
  readonly data: unknown
  readonly notes: readonly string[]
}

/** Reads a configuration of go-cqhttp or CQHTTP. @throws ConfigError */
export function readForeignConfig(
  { name, text, program }: ForeignSource,
  env: Readonly<Record<string, string | undefined>>,
): ForeignConfig {
  if (program === 'go-cqhttp') {
    const { data, ...places } = parseConfigText(goCqhttpSchema, text, { file: name, env, isForeign: true })
    return placed(fromGoCqhttp(data), { places, program, name })
  }
  if (!/\.json$/i.test(name)) {
    const { keys, places, notes } = readIni(text, name)
    return placed(fromCqhttp(keys, { places, notes }), { places, program, name })
  }
  const read = parseConfigText(z.record(z.string(), z.unknown()), text, { file: name, env: {}, isForeign: true })
  const { keys, notes } = readJsonKeys(read.data)
  return placed(fromCqhttp(keys, { places: read, notes }), { places: read, program, name })
}

function placed(
  imported: ImportedConfig,
  { places, program, name }: { readonly places: ConfigPlaces; readonly program: ForeignProgram; readonly name: string },
): ForeignConfig {
  if (imported.problems !== undefined && imported.problems.length > 0) throw new ConfigError(imported.problems)
  const { data, origins } = separate(imported.data)
  const originOf = (path: Path): Path => {
    for (let length = path.length; length > 0; length--) {
      const origin = origins.get(pathText(path.slice(0, length)))
      if (origin) return origin
    }
    return []
  }
  return {
    program,
    data,
    notes: imported.notes,
    place: (path) => places.place(originOf(path)),
    problem: (path, sentence) => places.problem(originOf(path), sentence),
    template(path, value) {
      const exact = origins.get(pathText(path))
      return exact && places.template?.(exact, value)
    },
    origin(path) {
      const exact = origins.get(pathText(path))
      if (exact) return `${places.origin(exact) ?? name} (${pathText(exact)})`
      return path.reduce<unknown>(
        (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
        data,
      ) === undefined
        ? undefined
        : `${name}, as ${program} has it`
    },
  }
}
