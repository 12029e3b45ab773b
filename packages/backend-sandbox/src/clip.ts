import { isFileLocation } from '@seekyou/protocol'
import type { Clip } from './document.ts'
import { missing } from './rule.ts'
import type { World } from './world.ts'

/** A kind of clip: what people call it, and how the names end that the network gives to those it has seen. */
interface ClipKind {
  readonly noun: 'record' | 'video'
  readonly ending: '.amr' | '.video'
}

/** What the `file` of a clip names: one of its kind seen before, or the location of a file; `url` stands in for it. */
export function findClip(file: string, url: string, world: World, { noun, ending }: ClipKind): Clip | string {
  const name = file.toLowerCase()
  const known = isFileLocation(file) || !name.endsWith(ending) ? undefined : world.clip(name)
  const found = known ?? [file, url].find(isFileLocation)
  if (found !== undefined) return found
  return missing(
    noun === 'record' ? 'RECORD_NOT_FOUND' : 'VIDEO_NOT_FOUND',
    `no ${noun} named ${JSON.stringify(file.slice(0, 60))} was ${noun === 'record' ? 'heard' : 'seen'} before; ` +
      `a ${noun} is base64://…, http(s)://…, file:///… or a name received`,
  )
}
