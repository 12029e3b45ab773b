/** A configuration of another program, said in the words of seekyou.yml. */
export interface ImportedConfig {
  /** What seekyou.yml would say; not yet checked. */
  readonly data: ImportedData
  /** One sentence for each thing that has no meaning here, or another one. */
  readonly notes: readonly string[]
  /** Where the links come from, for messages: `servers[0].http`. */
  readonly origins: { readonly listen: readonly Origin[]; readonly connect: readonly Origin[] }
}

type Origin = readonly PropertyKey[]

/** The parts of seekyou.yml that other programs know. */
interface ImportedData {
  readonly log_level?: string
  readonly files?: object
  readonly defaults: object
  readonly bots: readonly [
    { readonly listen: readonly object[]; readonly connect: readonly object[]; readonly [option: string]: unknown },
  ]
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
