import { resolve } from 'node:path'
import type { LinkOptions, ScopeOptions } from '@seekyou/hub'

type LinkSettings = { readonly [Key in keyof LinkOptions]?: LinkOptions[Key] | undefined } & {
  readonly filter?: unknown
  readonly scope?: string | ScopeOptions | undefined
}

/** What a link says itself, and for the rest what all links get. */
export function linkOptionsOf(link: LinkSettings, defaults: LinkOptions): LinkOptions {
  const keys = Object.keys(defaults) as (keyof LinkOptions)[]
  return Object.assign({}, ...keys.map((key) => ({ [key]: link[key] ?? defaults[key] })))
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
