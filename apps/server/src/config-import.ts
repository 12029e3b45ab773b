import type { Problem } from './config-error.ts'
import { pathText } from './schema-path.ts'
import type { Path } from './schema-path.ts'

/** A configuration of another program, said in the words of seekyou.yml. */
export interface ImportedConfig {
  /** What seekyou.yml would say; not yet checked. Parts that the other program said come as `said`. */
  readonly data: ImportedData
  /** One sentence for each thing that has no meaning here, or another one. */
  readonly notes: readonly string[]
  /** What is wrong with it. */
  readonly problems?: readonly Problem[]
}

/** The parts of seekyou.yml that other programs know. */
interface ImportedData {
  readonly log_level?: unknown
  readonly files?: object
  readonly defaults: object
  readonly bots: readonly [
    { readonly listen: readonly object[]; readonly connect: readonly object[]; readonly [option: string]: unknown },
  ]
}

const from = Symbol('from')

/** A value with the key of the other program that it comes from. */
export interface Said {
  readonly value: unknown
  readonly [from]: Path
}

export function said(value: unknown, path: Path): Said {
  return { value, [from]: path }
}

/** The data itself, and for each path of it that was said, where. */
export function separate(tree: unknown): { readonly data: unknown; readonly origins: ReadonlyMap<string, Path> } {
  const origins = new Map<string, Path>()
  const bare = (node: unknown, path: Path): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => bare(item, [...path, index]))
    if (typeof node !== 'object' || node === null) return node
    if (from in node) {
      const { value, [from]: origin } = node as Said
      origins.set(pathText(path), origin)
      return bare(value, path)
    }
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, bare(inner, [...path, key])]))
  }
  return { data: bare(tree, []), origins }
}

/** Where programs of this family listen: `host:port`, `tcp4://host:port` or `unix:///path`. */
export function readListenAddress(text: string): { host: string; port: number } | { socket: string } | undefined {
  const socket = /^unix:(?:\/\/)?(.+)$/.exec(text)?.[1]
  if (socket !== undefined) return { socket }
  const [, host = '', port] = /^(?:tcp[46]?:\/\/|https?:\/\/)?(\[[^\]]*\]|[^\s:/]*):(\d{1,5})\/?$/.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535) return undefined
  return { host: host.replaceAll(/[[\]]/g, '') || '0.0.0.0', port: Number(port) }
}

/**
 * Without a listener nobody could fetch the media of an event or play the other side, so who has none gets one that
 * only this machine reaches.
 */
export const listenerOfOurOwn = { host: '127.0.0.1', port: 0 }
export const noteOfListener =
  'no listener is configured: one on a free port of 127.0.0.1 serves media, the API reference and the sandbox'
