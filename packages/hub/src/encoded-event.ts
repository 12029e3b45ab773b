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

/** What decides the form of an event. */
export interface FormView {
  readonly dialect: Dialect
  readonly format: MessageFormat
  /** Whether it carries its place in the journal, as `_seq`. */
  readonly reportsSeq: boolean
}

/** An event on its way to the links: shaped and encoded once for each form that any of them asks for. */
export class EncodedEvent {
  readonly event: Event
  readonly seq: Seq | undefined
  readonly #mediaUrl: MediaUrl
  readonly #forms = new Map<string, EncodedForm | undefined>()

  constructor(event: Event, seq: Seq | undefined, mediaUrl: MediaUrl) {
    this.event = event
    this.seq = seq
    this.#mediaUrl = mediaUrl
  }

  /** The event as a dialect tells it; `undefined` where that generation knows no such event. */
  form(view: FormView): EncodedForm | undefined {
    const key = `${view.dialect.name} ${view.format} ${view.reportsSeq}`
    if (!this.#forms.has(key)) this.#forms.set(key, this.#encode(view))
    return this.#forms.get(key)
  }

  #encode({ dialect, format, reportsSeq }: FormView): EncodedForm | undefined {
    const event = mapSegments(this.event, (segment) => toldSegment(segment, this.#mediaUrl))
    const told = dialect.event(toWireEvent(withFileUrl(event, this.#mediaUrl), format))
    if (!told) return undefined
    const { seq } = this
    const wire = reportsSeq && seq !== undefined ? { ...told, _seq: seq } : told
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
