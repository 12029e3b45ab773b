import * as z from 'zod'
import { fromCqhttp, readIni, readJsonKeys } from './config-cqhttp.ts'
import { ConfigError } from './config-error.ts'
import { expandLikeGoCqhttp, fromGoCqhttp, goCqhttpSchema, isGoCqhttp } from './config-go-cqhttp.ts'
import type { ImportedConfig } from './config-import.ts'
import { parseConfigText, sentenceOf } from './config-text.ts'
import type { ConfigText } from './config-text.ts'

/** A configuration as it was found. */
export interface ConfigFile {
  /** As it was named. */
  readonly name: string
  readonly text: string
  /** The folder that relative paths in it start from. */
  readonly folder: string
}

/** Reads a configuration, our own or that of another program. @throws ConfigError */
export function parseConfigFile<Schema extends z.ZodType>(
  source: ConfigFile,
  schema: Schema,
  env: NodeJS.ProcessEnv,
): ConfigText<z.output<Schema>> & { readonly notes: readonly string[] } {
  const { imported, place } = readForeign(source, env) ?? {}
  if (!imported || !place) return { ...parseConfigText(schema, source.text, { file: source.name, env }), notes: [] }
  const read = schema.safeParse(imported.data, { reportInput: true })
  if (read.success) return { data: read.data, place, notes: imported.notes }
  throw new ConfigError(read.error.issues.map((issue) => place(issue.path) + sentenceOf(issue)))
}

/** Reads a configuration of go-cqhttp or CQHTTP; `undefined` if it is one of our own. @throws ConfigError */
function readForeign(
  { name, text }: Pick<ConfigFile, 'name' | 'text'>,
  env: NodeJS.ProcessEnv,
): { readonly imported: ImportedConfig; readonly place: ConfigText<unknown>['place'] } | undefined {
  if (/\.(?:ini|cfg)$/i.test(name)) return placedByKey(fromCqhttp(readIni(text)), name)
  if (/\.json$/i.test(name)) {
    const keys = parseConfigText(z.record(z.string(), z.unknown()), text, {
      file: name,
      env,
      isExpandedText: true,
    }).data
    if (!('bots' in keys)) return placedByKey(fromCqhttp(readJsonKeys(keys)), name)
  }
  if (!isGoCqhttp(text)) return undefined
  const expanded = expandLikeGoCqhttp(text, env)
  const read = parseConfigText(goCqhttpSchema, expanded, { file: name, env, isExpandedText: true })
  const imported = fromGoCqhttp(read.data)
  const place = (path: readonly PropertyKey[]): string => {
    const [, , list, at] = path
    const origin = list === 'listen' || list === 'connect' ? imported.origins[list][Number(at)] : undefined
    return read.place(origin ?? [])
  }
  return { imported, place }
}

function placedByKey(imported: ImportedConfig, name: string) {
  return { imported, place: (path: readonly PropertyKey[]): string => `${name}: ${String(path.at(-1))}` }
}
