import { useId } from 'react'
import { useWords } from '../kit/language.ts'
import type { Named } from '../tools/world.ts'
import type { Field, FieldProblem } from './field.ts'
import { MessageField } from './message-field.tsx'
import { playgroundWords } from './words.ts'
import type { PlaygroundWords } from './words.ts'

/** One param: its name, what it is, and where it is typed or chosen. */
export function FieldInput({
  field,
  value,
  problem,
  choices,
  isLiteral,
  onValue,
}: {
  field: Field
  value: string
  problem: FieldProblem | undefined
  /** Ids it can be chosen from. */
  choices: readonly Named[]
  isLiteral: boolean
  onValue: (value: string) => void
}) {
  const words = useWords(playgroundWords)
  const id = useId()
  const hint = `${id}-hint`
  const { name, kind, isRequired, description } = field
  const common = { id, 'aria-describedby': hint, 'aria-invalid': problem !== undefined }
  return (
    <div className="param">
      <label htmlFor={id} className="param-name">
        <code>{name}</code>
        <span className="hint">{words.kinds[kind]}</span>
        {isRequired && <span className="tag accent">{words.required}</span>}
      </label>
      {kind === 'message' ? (
        <MessageField
          id={id}
          value={value}
          describedBy={hint}
          isRequired={isRequired}
          isLiteral={isLiteral}
          onValue={onValue}
        />
      ) : kind === 'json' ? (
        <textarea
          {...common}
          className="mono"
          rows={4}
          spellCheck={false}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      ) : kind === 'boolean' || kind === 'choice' ? (
        <select {...common} value={value} onChange={(event) => onValue(event.target.value)}>
          <option value="">{words.leftOut(field.fallback)}</option>
          {(kind === 'boolean' ? ['true', 'false'] : field.choices).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <>
          <input
            {...common}
            inputMode={kind === 'text' ? 'text' : 'numeric'}
            autoComplete="off"
            spellCheck={false}
            placeholder={isRequired ? '' : words.leftOut(field.fallback)}
            {...(choices.length > 0 && { list: `${id}-list` })}
            value={value}
            onChange={(event) => onValue(event.target.value)}
          />
          {choices.length > 0 && (
            <datalist id={`${id}-list`}>
              {choices.map((choice) => (
                <option key={choice.id} value={choice.id}>
                  {choice.name}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
      <div id={hint} className="param-hints">
        <Meaning value={value} choices={choices} />
        {description !== undefined && <span className="hint">{description}</span>}
        {problem && <span className="param-problem">{problemText(problem, words)}</span>}
      </div>
    </div>
  )
}

/** Whose id was chosen. */
function Meaning({ value, choices }: { value: string; choices: readonly Named[] }) {
  const chosen = choices.find(({ id }) => id === value.trim())
  return chosen && <span className="tag">{chosen.name}</span>
}

function problemText(problem: FieldProblem, { problems }: PlaygroundWords): string {
  switch (problem.kind) {
    case 'missing':
    case 'not-a-number':
      return problems[problem.kind]
    case 'too-small':
    case 'too-large':
      return problems[problem.kind](problem.bound)
    case 'not-json':
      return problems['not-json'](problem.reason)
  }
}
