import type { MessageFormat } from '@seekyou/message'
import { toWireEvent } from '@seekyou/protocol'
import type { Dialect, Event, OutgoingEvent, Seq, WireEvent } from '@seekyou/protocol'
import { withFileUrl } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'
import { weigh } from './redaction.ts'
import { toldEvent } from './told-message.ts'
import type { QuotationView } from './told-message.ts'

/** An event in one form: what filters look at, and what is written. */
export interface EncodedForm {
  readonly wire: WireEvent
  readonly outgoing: OutgoingEvent
}

/** What decides the form of an event. */
export interface FormView extends QuotationView {
  readonly dialect: Dialect
  readonly format: MessageFormat
  /** Whether it carries its place in the journal, as `_seq`. */
  readonly reportsSeq: boolean
}

/** An event on its way to the links: shaped and encoded once for each form that any of them asks for. */
export class EncodedEvent {
  readonly event: Event
  readonly seq: Seq | undefined
  /** When it happened, in milliseconds since 1970; absent for what is told once or not at all. */
  readonly at: number | undefined
  readonly #mediaUrl: MediaUrl
  /** A handful at most, and every link asks. */
  readonly #forms: (FormView & { readonly form?: EncodedForm })[] = []

  #weight: number | undefined

  constructor(
    { event, seq, at }: { readonly event: Event; readonly seq?: Seq; readonly at?: number },
    mediaUrl: MediaUrl,
  ) {
    this.event = event
    this.seq = seq
    this.at = at
    this.#mediaUrl = mediaUrl
  }

  /** The event as a dialect tells it; `undefined` where that generation knows no such event. */
  form({ dialect, format, reportsSeq, extraReplyData, removesReplyAt }: FormView): EncodedForm | undefined {
    for (const known of this.#forms) {
      const isSame =
        known.dialect === dialect &&
        known.format === format &&
        known.reportsSeq === reportsSeq &&
        known.extraReplyData === extraReplyData &&
        known.removesReplyAt === removesReplyAt
      if (isSame) return known.form
    }
    const view = { dialect, format, reportsSeq, extraReplyData, removesReplyAt }
    const form = this.#encode(view)
    this.#forms.push({ ...view, ...(form && { form }) })
    return form
  }

  /** About how many bytes it takes. */
  get weight(): number {
    return (this.#weight ??= weigh(this.event, Number.MAX_SAFE_INTEGER))
  }

  #encode({ dialect, format, reportsSeq, ...quotations }: FormView): EncodedForm | undefined {
    const event = toldEvent(this.event, quotations, this.#mediaUrl)
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
