import { mediaUri } from '@seekyou/protocol'
import type { BackendHost } from '@seekyou/protocol'
import { findClip } from './clip.ts'
import type { Clip } from './document.ts'
import { md5 } from './image.ts'
import { refuse } from './rule.ts'
import type { World } from './world.ts'

/** Containers that hold voice as well as pictures, and what no sniffer knows: both may be a record. */
const mayBeSound = /^(?:audio\/|video\/(?:mp4|webm|quicktime|x-matroska)|application\/(?:ogg|octet-stream)$)/

/** Reads what the `file` of a voice message names: the location of a file, or the name of a record heard before. */
export async function readRecord(
  file: string,
  url: string,
  world: World,
  host: Pick<BackendHost, 'files' | 'media'>,
): Promise<Clip> {
  const found = findClip(file, url, world, { noun: 'record', ending: '.amr' })
  if (typeof found !== 'string') return found
  const { bytes, type } = await host.files.load(found)
  if (bytes.length === 0 || !mayBeSound.test(type)) {
    return refuse('NOT_A_RECORD', `a record is an audio file; this one is ${bytes.length === 0 ? 'empty' : type}`)
  }
  return storeRecord(bytes, type, host)
}

/** Keeps a voice message. */
export async function storeRecord(
  bytes: Uint8Array,
  type: string,
  { media }: Pick<BackendHost, 'media'>,
): Promise<Clip> {
  const { key } = await media.put(bytes, type)
  return { kind: 'clip', name: `${md5(bytes)}.amr`, url: mediaUri(key), cover: '' }
}
