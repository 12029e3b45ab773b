import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWords } from '../kit/language.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { writeClientCall, writeCurl } from '../tools/call-text.ts'
import type { Target } from '../tools/call-text.ts'
import { CopyMenu } from '../tools/copy-menu.tsx'
import { copyText } from '../kit/copy.ts'
import { knownIdsQuery } from '../tools/world-query.ts'
import { choicesFor } from './choices.ts'
import type { Callable } from './contract.ts'
import { FieldInput } from './field-input.tsx'
import { fieldsOf, fillForm, readForm } from './field.ts'
import { useDraft } from './form-draft.ts'
import { JsonInput } from './json-input.tsx'
import { ResponseView } from './response-view.tsx'
import type { Schemas } from './schema.ts'
import { readJsonParams } from './params-reading.ts'
import type { ParamsReading } from './params-reading.ts'
import { useSend } from './use-send.ts'
import { playgroundWords } from './words.ts'

type Params = Readonly<Record<string, unknown>>

/** Everything that one can do with an action: fill in its params, send it, copy it, see the answer. */
export function CallForm({
  callable,
  schemas,
  target,
  place,
  given,
}: {
  callable: Callable
  schemas: Schemas
  target: Target
  /** Where it is: what is typed there is found again. */
  place: string
  /** What stands in the form at first. */
  given: Params
}) {
  const words = useWords(playgroundWords)
  const { data: ids } = useQuery(knownIdsQuery)
  const { name } = callable
  const fields = fieldsOf(callable.params, schemas)
  const [{ values, others }, setForm] = useDraft(`${place} form`, () => fillForm(fields, given))
  /** The JSON while it is what is edited; undefined while the form is. */
  const [json, setJson] = useDraft<string | undefined>(`${place} json`, () => undefined)
  const [showsProblems, setShowsProblems] = useState(false)
  const { response, isBusy, sendCall } = useSend()

  const read =
    json === undefined ? withOthers(readForm(fields, values), others) : readJsonParams(json, words.notAnObject)
  const { params, problems } = read
  const isGood = params !== undefined && problems.size === 0
  const call = { action: name, params: params ?? {} }

  const fill = (filled: Params): void => {
    setForm(fillForm(fields, filled))
    if (json !== undefined) setJson(JSON.stringify(filled, null, 2))
    setShowsProblems(false)
  }
  const setMode = (mode: 'form' | 'json'): void => {
    if (mode === 'json' && json === undefined) setJson(JSON.stringify(call.params, null, 2))
    // What is no JSON yet stays where it can be mended.
    if (mode === 'form' && json !== undefined && params !== undefined) {
      setForm(fillForm(fields, params))
      setJson(undefined)
    }
  }
  const submit = async (): Promise<void> => {
    setShowsProblems(true)
    if (isGood) await sendCall(name, call.params)
  }
  useShortcut({ keys: 'Ctrl+Enter', does: words.shortcuts.send, whileTyping: true }, () => void submit())

  return (
    <div className="call">
      <Heading callable={callable} />
      <div className="call-columns">
        <form
          className="card stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <div className="row">
            <div className="row grow" role="group" aria-label={words.mode}>
              {(['form', 'json'] as const).map((mode) => (
                <button
                  key={mode}
                  type="button"
                  className="chip"
                  aria-pressed={(json === undefined) === (mode === 'form')}
                  onClick={() => setMode(mode)}
                >
                  {words.modes[mode]}
                </button>
              ))}
            </div>
            {Object.keys(callable.example).length > 0 && (
              <button type="button" className="chip" onClick={() => fill(callable.example)}>
                {words.example}
              </button>
            )}
            <button type="button" className="chip" onClick={() => fill({})}>
              {words.reset}
            </button>
          </div>
          {json === undefined ? (
            <>
              {fields.length === 0 && <p className="hint">{words.noParams}</p>}
              {fields.map((field) => (
                <FieldInput
                  key={field.name}
                  field={field}
                  value={values[field.name] ?? ''}
                  problem={showsProblems ? problems.get(field.name) : undefined}
                  choices={choicesFor(field, ids, values['group_id'])}
                  isLiteral={values['auto_escape'] === 'true'}
                  onValue={(value) =>
                    setForm((before) => ({ ...before, values: { ...before.values, [field.name]: value } }))
                  }
                />
              ))}
              {Object.keys(others).length > 0 && <p className="hint">{words.others(Object.keys(others))}</p>}
            </>
          ) : (
            <JsonInput title={words.params} value={json} problem={read.reason} onValue={setJson} />
          )}
          <div className="row call-buttons">
            <button type="submit" className="button primary" disabled={isBusy} title="Ctrl+Enter">
              {isBusy ? words.sending : words.send}
            </button>
            <CopyMenu
              forms={{
                curl: () => copyText(writeCurl(call, target)),
                client: () => copyText(writeClientCall(call, target, true)),
                json: () => copyText(JSON.stringify(call.params, null, 2)),
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

function Heading({ callable }: { callable: Callable }) {
  const words = useWords(playgroundWords)
  const { name, summary, description, alsoCalled, isUnsafe, isSupported } = callable
  return (
    <header className="call-head">
      <div className="row">
        <h2>
          <code>{name}</code>
        </h2>
        {isUnsafe && <span className="tag warn">{words.unsafe}</span>}
        {!isSupported && <span className="tag bad">{words.unsupported}</span>}
      </div>
      <p>{summary}</p>
      {alsoCalled.length > 0 && (
        <p className="hint">
          {words.alsoCalled}: {alsoCalled.join(', ')}
        </p>
      )}
      {plainText(description).map((paragraph) => (
        <p key={paragraph} className="hint">
          {paragraph}
        </p>
      ))}
    </header>
  )
}

/** The paragraphs of a description, but for those that the page says in its own way. */
function plainText(description: string): readonly string[] {
  return description
    .split('\n\n')
    .filter((paragraph) => paragraph !== '' && !/^(?:Also called|Takes something away)/.test(paragraph))
    .map((paragraph) => paragraph.replaceAll('`', ''))
}

function withOthers({ params, problems }: ReturnType<typeof readForm>, others: Params): ParamsReading {
  return { params: { ...others, ...params }, problems, reason: undefined }
}
