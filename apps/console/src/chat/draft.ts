import { encodeCqCode, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'

/** A file that someone is about to send; it stands in the text as `attachment:<key>`. */
export interface Attachment {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly size: number
  /** In base64. */
  readonly content: string
}

const scheme = 'attachment:'

/** The segments that a text with CQ codes says; with `isPlain` the text is all of it. */
export function segmentsOf(text: string, { isPlain = false } = {}): Segment[] {
  return readMessage(text, { autoEscape: isPlain })
}

/** The CQ code that has a file sent as what it is. */
export function codeOfAttachment({ key, name, type }: Attachment): string {
  const file = scheme + key
  const [kind] = type.split('/')
  if (kind === 'image') return encodeCqCode([{ type: 'image', data: { file } }])
  if (kind === 'audio') return encodeCqCode([{ type: 'record', data: { file } }])
  if (kind === 'video') return encodeCqCode([{ type: 'video', data: { file } }])
  return encodeCqCode([{ type: 'file', data: { file, name } }])
}

/** The same segments with the contents of the files that they name. */
export function withContents(
  segments: readonly Segment[],
  attachments: ReadonlyMap<string, Pick<Attachment, 'content'>>,
): Segment[] {
  return segments.map(({ type, data }) => {
    const file = data['file']
    if (typeof file !== 'string' || !file.startsWith(scheme)) return { type, data }
    const content = attachments.get(file.slice(scheme.length))?.content
    return { type, data: content === undefined ? data : { ...data, file: `base64://${content}` } }
  })
}

/** The attachment that a segment names, if it names one. */
export function attachmentOf({ data }: Segment, attachments: ReadonlyMap<string, Attachment>): Attachment | undefined {
  const file = data['file']
  return typeof file === 'string' && file.startsWith(scheme) ? attachments.get(file.slice(scheme.length)) : undefined
}

/** What someone types after an `@` that stands right before `caret`, and where the `@` is. */
export function mentionAt(text: string, caret: number): { readonly from: number; readonly search: string } | undefined {
  const [, search] = /(?:^|[\s\],，。])@([^\s@[\]]{0,20})$/.exec(text.slice(0, caret)) ?? []
  return search === undefined ? undefined : { from: caret - search.length - 1, search }
}

/** Puts text in the place of what stands between two places; answers the text and where it ends. */
export function splice(text: string, from: number, to: number, added: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + added + text.slice(to), caret: from + added.length }
}
