import { ActionFailure } from '@seekyou/protocol'
import type { FileSource, LoadedFile } from '@seekyou/protocol'

/** A file source without a network or a disk: base64, and the files that the test puts at locations. */
export function createMemoryFiles(files: Readonly<Record<string, LoadedFile>> = {}): FileSource {
  return {
    async load(file) {
      const found = Object.hasOwn(files, file) ? files[file] : undefined
      if (found) return found
      const [, base64] = /^base64:\/\/(.*)$/s.exec(file) ?? []
      if (base64 !== undefined) return { bytes: Buffer.from(base64, 'base64'), type: 'application/octet-stream' }
      throw new ActionFailure('file', `there is no ${file.slice(0, 60)}`, { code: 'FILE_NOT_FOUND' })
    },
  }
}
