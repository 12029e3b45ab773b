/** A stored file: `key` is the lower-case hex SHA-256 of its bytes, `size` in bytes, `type` a MIME type. */
export interface Media {
  readonly key: string
  readonly size: number
  readonly type: string
}

/** Images, records, videos and files, content-addressed: the same bytes are kept once. */
export interface MediaStore {
  /** Stores a file. A `isCached` one is kept until the cache is cleared, unless it was also put for keeps. */
  put(bytes: Uint8Array, type: string, options?: { readonly isCached?: boolean }): Promise<Media>
  /** The bytes and what is known of them; `undefined` for a key that is not stored. */
  get(key: string): Promise<(Media & { readonly bytes: Uint8Array }) | undefined>
  /** Where a stored file lies on this machine, as an absolute path; `undefined` for what does not lie here. */
  localPath(key: string): Promise<string | undefined>
  /** Removes what is only cached, of the types that begin with `type` (`image/`; default: all); tells how many files. */
  clearCache(type?: string): Promise<number>
  /** How much there is, as it was within the last minute. */
  size(): Promise<{ readonly files: number; readonly bytes: number }>
}

/**
 * How stored events point at stored media: `media:<key>`. The hub turns it into a URL when it renders an event, since
 * the address of the server is not the same tomorrow.
 */
export function mediaUri(key: string): string {
  return `media:${key}`
}

/** The key in a `media:` URI, or `undefined` for any other text: bots, too, can write what looks like one. */
export function mediaKey(uri: string): string | undefined {
  return /^media:([0-9a-f]{64})$/.exec(uri)?.[1]
}
