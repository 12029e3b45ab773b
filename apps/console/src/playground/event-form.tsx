import { useWords } from '../kit/language.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { writeClientListener, writeCurl } from '../tools/call-text.ts'
import type { Target } from '../tools/call-text.ts'
import { CopyMenu } from '../tools/copy-menu.tsx'
import { copyText } from '../kit/copy.ts'
import type { EventShape } from './contract.ts'
import { useDraft } from './form-draft.ts'
import { JsonInput } from './json-input.tsx'
import { readJsonParams } from './params-reading.ts'
import { ResponseView } from './response-view.tsx'
import { useSend } from './use-send.ts'
import { playgroundWords } from './words.ts'

const EMIT = 'sandbox/emit'
/** The server knows better; whoever wants to say them still can. */
const givenByServer: ReadonlySet<string> = new Set([
  'self_id',
  'message_id',
  'time',
  'message_seq',
  'font',
  'raw_message',
])

/** An event to edit and to have happen. */
export function EventForm({ shape, target, canEmit }: { shape: EventShape; target: Target; canEmit: boolean }) {
  const words = useWords(playgroundWords)
  const start = (): string => JSON.stringify(withoutGiven(shape.example), null, 2)
  const [json, setJson] = useDraft(`event ${shape.name}`, start)
  const { response, isBusy, sendCall } = useSend()
  const { params: event, reason } = readJsonParams(json, words.notAnObject)
  const call = { action: EMIT, params: { event: event ?? {} } }
  const submit = async (): Promise<void> => {
    if (event && canEmit) await sendCall(EMIT, call.params)
  }
  useShortcut({ keys: 'Ctrl+Enter', does: words.shortcuts.send, whileTyping: true }, () => void submit())
  return (
    <div className="call">
      <header className="call-head">
        <h2>
          <code>{shape.name}</code>
        </h2>
        {!canEmit && <p className="hint absent">{words.emitNothing}</p>}
      </header>
      <div className="call-columns">
        <form
          className="card stack"
          onSubmit={(submitted) => {
            submitted.preventDefault()
            void submit()
          }}
        >
          <JsonInput
            title={words.event}
            value={json}
            problem={reason}
            hint={words.eventHint}
            rows={18}
            onValue={setJson}
          />
          <div className="row call-buttons">
            <button type="submit" className="button primary" disabled={isBusy || !event || !canEmit} title="Ctrl+Enter">
              {isBusy ? words.sending : words.emit}
            </button>
            <button type="button" className="button" onClick={() => setJson(start())}>
              {words.example}
            </button>
            <CopyMenu
              forms={{
                curl: () => copyText(writeCurl(call, target)),
                client: () => copyText(writeClientListener(shape.name, target)),
                json: () => copyText(json),
              }}
            />
          </div>
        </form>
        <section className="card stack" aria-label={words.response}>
          <h3>{words.response}</h3>
          <ResponseView response={response} />
        </section>
      </div>
    </div>
  )
}

function withoutGiven(example: EventShape['example']): object {
  return Object.fromEntries(Object.entries(example).filter(([name]) => !givenByServer.has(name)))
}
