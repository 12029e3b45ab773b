/** A file that was named and is now here. */
export interface LoadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** MIME type by what the bytes begin with; `application/octet-stream` where that tells nothing. */
  readonly type: string
  /** What its URL or path ends in, if that is a name. */
  readonly name?: string
}

export interface LoadOptions {
  /** Sent with every request to the server that was named; cookies and authorization to no other. */
  readonly headers?: Readonly<Record<string, string>>
  /** Connections to fetch with at once, where the server can send parts. Default: 1. */
  readonly connections?: number
  /** Bytes; refuses what is larger, where that is less than the operator allows anyway. */
  readonly maxBytes?: number
  /** Whether a bare absolute path names a file, as in the upload actions. Default: false. */
  readonly isPathAllowed?: boolean
}

/**
 * Loads what a client names as a file: `base64://…`, a `data:` URL, `http://…`, `https://…`, `file://…` or the
 * path of a stored file as it was told. Reaches no folder and no network that the operator did not open to clients.
 */
export interface FileSource {
  /**
   * @throws ActionFailure `bad-params` for what names no file at all, `file` for one that cannot or must not be loaded;
   * its code is one of FILE_NOT_FOUND, FILE_FORBIDDEN, FILE_TOO_LARGE, FILE_TIMEOUT and FILE_UNREADABLE.
   */
  load(file: string, options?: LoadOptions): Promise<LoadedFile>
}

/** Whether a text names a file by where it is, and not by a name that only the network knows. */
export function isFileLocation(text: string): boolean {
  return /^(?:base64:\/\/|data:|https?:\/\/|file:)/i.test(text) || isStoredPath(text)
}

/** Whether a text is the absolute path of a stored file, as `download_file` and `get_image` tell it: it ends in its key. */
export function isStoredPath(text: string): boolean {
  return /^(?:[/\\]|[a-z]:[/\\])/i.test(text) && /^[/\\][0-9a-f]{64}$/.test(text.slice(-65))
}
