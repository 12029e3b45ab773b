import { useState } from 'react'
import type { RefObject } from 'react'
import { Dialog } from '../kit/dialog.tsx'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { filterKeys } from './record-filter.ts'
import { inspectorWords } from './words.ts'

/** Terms that one click adds or takes away. */
const quickTerms = [
  ['event', 'type:event'],
  ['call', 'type:call'],
  ['link', 'type:link'],
] as const
const FAILURES = 'status:failed'

/** Where one types what the timeline shows, with the terms that are wanted most as buttons. */
export function FilterBox({
  text,
  doubts,
  onText,
  input,
}: {
  text: string
  doubts: readonly string[]
  onText: (text: string) => void
  input: RefObject<HTMLInputElement | null>
}) {
  const words = useWords(inspectorWords)
  const [helps, setHelps] = useState(false)
  const terms = text.split(/\s+/).filter(Boolean)
  return (
    <div className="filter">
      <div className="filter-input">
        <Icon name="search" size={16} />
        <input
          ref={input}
          type="search"
          aria-label={words.filter}
          aria-describedby="filter-doubts"
          placeholder={words.placeholder}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={words.filterHelp}
          title={words.filterHelp}
          onClick={() => setHelps(true)}
        >
          <Icon name="help" size={16} />
        </button>
      </div>
      <div className="filter-quick" role="group" aria-label={words.onlyLabel}>
        {quickTerms.map(([name, term]) => (
          <QuickTerm key={term} term={term} terms={terms} title={words.only[name]} onText={onText} />
        ))}
        <QuickTerm term={FAILURES} terms={terms} title={words.failures} onText={onText} />
      </div>
      <p id="filter-doubts" className="hint filter-doubts" aria-live="polite">
        {doubts.length > 0 && words.doubts(doubts)}
      </p>
      {helps && <FilterHelp onClose={() => setHelps(false)} />}
    </div>
  )
}

function QuickTerm({
  term,
  terms,
  title,
  onText,
}: {
  term: string
  terms: readonly string[]
  title: string
  onText: (text: string) => void
}) {
  const isOn = terms.includes(term)
  const key = term.slice(0, term.indexOf(':') + 1)
  // One of a kind: who wants calls only does not want events only as well.
  const others = terms.filter((other) => !other.startsWith(key))
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={isOn}
      onClick={() => onText((isOn ? others : [...others, term]).join(' '))}
    >
      {title}
    </button>
  )
}

function FilterHelp({ onClose }: { onClose: () => void }) {
  const words = useWords(inspectorWords)
  return (
    <Dialog title={words.filterHelp} onClose={onClose}>
      <ul className="rules">
        {words.filterRules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      <dl className="facts">
        {filterKeys.map((key) => (
          <div key={key}>
            <dt>
              <code>{key}:</code>
            </dt>
            <dd>{words.keys[key]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
