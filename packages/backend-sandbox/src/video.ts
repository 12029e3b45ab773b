import { mediaUri } from '@seekyou/protocol'
import type { BackendHost } from '@seekyou/protocol'
import { findClip } from './clip.ts'
import type { Clip } from './document.ts'
import { md5 } from './image.ts'
import { refuse } from './rule.ts'
import type { World } from './world.ts'

/** The largest video that the network takes, in bytes. */
const maxBytes = 100 * 1024 * 1024

/** Reads what the `file` of a video names: the location of a file, or the name of a video seen before. */
export async function readVideo(
  file: string,
  url: string,
  world: World,
  host: Pick<BackendHost, 'files' | 'media'>,
): Promise<Clip> {
  const found = findClip(file, url, world, { noun: 'video', ending: '.video' })
  if (typeof found !== 'string') return found
  const { bytes, type } = await host.files.load(found)
  if (bytes.length > maxBytes) {
    return refuse('VIDEO_TOO_LARGE', `a video has at most ${maxBytes} bytes, this one has ${bytes.length}`)
  }
  if (!type.startsWith('video/'))
    return refuse('NOT_A_VIDEO', `a video is an MP4 or another video file; this is ${type}`)
  const { key } = await host.media.put(bytes, type)
  return { kind: 'clip', name: `${md5(bytes)}.video`, url: mediaUri(key), cover: '' }
}
