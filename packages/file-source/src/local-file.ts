import { constants } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MediaStore } from '@seekyou/protocol'
import { fileFailure, notAFile, tooLarge } from './file-failure.ts'

/** What may be read on this machine. */
export interface LocalFilesSetup {
  readonly allowedPaths: readonly string[]
  /** Its files may be read too: their paths are what clients were told. */
  readonly media: Pick<MediaStore, 'localPath'> | undefined
}

/** The path that a `file:` URL names. */
export function pathOfFileUrl(url: string): string {
  refuseTraversal(url)
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw notAFile(`a file on this machine is named file:///absolute/path (${(error as Error).message})`)
  }
}

/** Reads a file of this machine, if clients may. Whether a file is there that they may not read is not told. */
export async function readLocalFile(
  path: string,
  maxBytes: number,
  setup: LocalFilesSetup,
): Promise<Uint8Array<ArrayBuffer>> {
  refuseTraversal(path)
  if (!isAbsolute(path)) throw notAFile('a file on this machine is named by its absolute path')
  const isOurs = (await setup.media?.localPath(basename(path))) === resolve(path)
  const folders = isOurs ? [] : await allowedFolders(setup.allowedPaths)
  if (!isOurs && !folders.some((folder) => isInside(folder, path))) throw forbidden()
  try {
    const real = await realpath(path)
    if (!isOurs && !folders.some((folder) => isInside(folder, real))) throw forbidden()
    // Neither waits for the other end of a pipe nor follows a link that was put there since.
    await using file = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
    await checkUnmoved(file, real)
    return await readAll(file, maxBytes)
  } catch (error) {
    throw describe(error)
  }
}

/** As they stand in the configuration, and as they really are. */
async function allowedFolders(paths: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => path)))
  return [...paths.map((path) => resolve(path)), ...real]
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** What was opened is a plain file and still the one whose place was judged: a folder on the way may have been swapped. */
async function checkUnmoved(file: FileHandle, real: string): Promise<void> {
  const [opened, named] = [await file.stat(), await stat(await realpath(real))]
  if (!opened.isFile()) throw fileFailure('FILE_UNREADABLE', 'that path is not the path of a file')
  if ((await realpath(real)) !== real || opened.dev !== named.dev || opened.ino !== named.ino) throw forbidden()
}

/** The size that is told may be wrong, as it is below /proc, so what is read is counted. */
async function readAll(file: FileHandle, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if ((await file.stat()).size > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer<ArrayBuffer>>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function refuseTraversal(path: string): void {
  const plain = path.replaceAll(/%2e/gi, '.').replaceAll(/%2f/gi, '/').replaceAll(/%5c/gi, '\\')
  if (plain.split(/[\\/]/).includes('..')) throw forbidden()
  if (/\0|%00/.test(path)) throw forbidden()
}

function forbidden() {
  return fileFailure(
    'FILE_FORBIDDEN',
    'that file is in no folder whose files may be named; the operator lists those as files.allowed_paths',
  )
}

function describe(error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fileFailure('FILE_NOT_FOUND', 'there is no such file on this machine', error)
    case 'EACCES':
    case 'EPERM':
      return fileFailure('FILE_UNREADABLE', 'this server may not read that file', error)
    case 'ELOOP':
      return forbidden()
    default:
      return error
  }
}
