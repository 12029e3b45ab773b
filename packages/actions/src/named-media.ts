import { ActionFailure, isFileLocation } from '@seekyou/protocol'
import type { Media } from '@seekyou/protocol'
import type { ActionCall } from './action.ts'
import { brief } from './brief.ts'

/**
 * The stored media that a client means: by a name its network told, by a name that `get_record` gave, or by where a
 * file is, which is then fetched into the cache.
 * @throws ActionFailure
 */
export async function namedMedia(file: string, call: ActionCall): Promise<Media & { readonly name?: string }> {
  const named = await call.backend.mediaNamed?.(file)
  if (named) return named
  const key = /^([0-9a-f]{64})(?:\.\w+)?$/.exec(file)?.[1]
  const stored = key === undefined ? undefined : await call.media.get(key)
  if (stored) return stored
  if (isFileLocation(file)) {
    const { bytes, type } = await call.files.load(file)
    return call.media.put(bytes, type, { isCached: true })
  }
  throw new ActionFailure('no-data', `there is no file named ${brief(file)} in the memory of this account`, {
    code: 'FILE_NOT_FOUND',
  })
}

/** The absolute path of stored media. @throws ActionFailure where the store keeps its files on another machine. */
export async function localPath(media: Media, call: ActionCall): Promise<string> {
  const path = await call.media.localPath(media.key)
  if (path !== undefined) return path
  throw new ActionFailure('file', 'the file does not lie on the machine of this server, or is gone', {
    code: 'FILE_NOT_FOUND',
  })
}
