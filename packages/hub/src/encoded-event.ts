import type { MessageFormat } from '@seekyou/message'
import { mapSegments, toWireEvent } from '@seekyou/protocol'
import type { Dialect, Event, OutgoingEvent, Seq, WireEvent } from '@seekyou/protocol'
import { withFileUrl } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'
import { toldSegment } from './told-segment.ts'

/** An event in one form: what filters look at, and what is written. */
export interface EncodedForm {
  readonly wire: WireEvent
  readonly outgoing: OutgoingEvent
}

/** An event on its way to the links: shaped and encoded once for each form that any of them asks for. */
export class EncodedEvent {
  readonly event: Event
  readonly seq: Seq | undefined
  readonly #mediaUrl: MediaUrl
  /** A handful at most, and every link asks. */
  readonly #forms: { readonly dialect: Dialect; readonly format: MessageFormat; readonly form?: EncodedForm }[] = []

  constructor(event: Event, seq: Seq | undefined, mediaUrl: MediaUrl) {
    this.event = event
    this.seq = seq
    this.#mediaUrl = mediaUrl
  }

  /** The event as a dialect tells it; `undefined` where that generation knows no such event. */
  form(dialect: Dialect, format: MessageFormat): EncodedForm | undefined {
    for (const known of this.#forms) if (known.dialect === dialect && known.format === format) return known.form
    const form = this.#encode(dialect, format)
    this.#forms.push({ dialect, format, ...(form && { form }) })
    return form
  }

  #encode(dialect: Dialect, format: MessageFormat): EncodedForm | undefined {
    const event = mapSegments(this.event, (segment) => toldSegment(segment, this.#mediaUrl))
    const wire = dialect.event(toWireEvent(withFileUrl(event, this.#mediaUrl), format))
    if (!wire) return undefined
    const { seq } = this
    let text: string | undefined
    // A filter may turn the event down on every link of this form; then nobody needs the text.
    const outgoing = {
      seq,
      get text() {
        return (text ??= JSON.stringify(wire))
      },
    }
    return { wire, outgoing }
  }
}
