import { Tabs } from 'radix-ui'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { writeRoute } from '../kit/route.ts'
import { CopyMenu } from '../tools/copy-menu.tsx'
import { JsonView } from '../tools/json-view.tsx'
import { chatLinkOf } from './chat-link.ts'
import { copyFormsOf } from './copied.ts'
import { DeliveryLine } from './delivery-line.tsx'
import { chatOf, lineOf } from './record-line.ts'
import { clockTime, duration, endingOf } from './record-look.ts'
import { Replay } from './replay.tsx'
import type { CallRecord, DeliveryRecord, EventRecord, FilterClause, TapRecord } from './tap-record.ts'
import type { Entry, Row } from './timeline.ts'
import { TraceView } from './trace-view.tsx'
import { inspectorWords } from './words.ts'

/** All that is known of the chosen line. */
export function Details({
  row,
  event,
  onChooseSeq,
  onChooseEntry,
  onClose,
}: {
  row: Row
  /** An event by its number, if the page has it. */
  event: (seq: number) => Entry | undefined
  onChooseSeq: (seq: number) => void
  onChooseEntry: (record: TapRecord) => void
  onClose: () => void
}) {
  const words = useWords(inspectorWords)
  const queries = useQueryClient()
  const { entry, delivery } = row
  const record = delivery ?? entry.record
  const seq = 'seq' in record ? record.seq : undefined
  const chatLink = chatLinkOf(entry.record)
  return (
    <aside className="details" aria-label={words.details}>
      <header className="details-head">
        <button type="button" className="icon-button" aria-label={words.closeDetails} onClick={onClose}>
          <Icon name="close" />
        </button>
        <h2 className="grow">
          <span className="hint">{words.types[record.type]}</span> {lineOf(record).name}
        </h2>
        {chatLink && (
          <a className="button" href={chatLink}>
            <Icon name="chat" size={14} />
            {words.openChat}
          </a>
        )}
        {entry.record.type === 'call' && (
          <a className="button" href={playgroundLinkOf(entry.record)}>
            <Icon name="playground" size={14} />
            {words.openPlayground}
          </a>
        )}
        <CopyMenu forms={copyFormsOf(row, queries, words.cutNote)} />
      </header>
      {seq === undefined ? (
        <div className="details-body">
          <Facts record={record} />
          <Body record={record} entry={entry} />
        </div>
      ) : (
        <Tabs.Root defaultValue="details" className="details-tabs">
          <Tabs.List className="tabs">
            <Tabs.Trigger value="details">{words.tabs.details}</Tabs.Trigger>
            <Tabs.Trigger value="trace">{words.tabs.trace}</Tabs.Trigger>
          </Tabs.List>
          <Tabs.Content value="details" className="details-body" tabIndex={-1}>
            <Facts record={record} />
            <Body record={record} entry={entry} onChooseSeq={onChooseSeq} />
          </Tabs.Content>
          <Tabs.Content value="trace" className="details-body" tabIndex={-1}>
            <TraceView seq={seq} event={event} onChoose={onChooseEntry} />
          </Tabs.Content>
        </Tabs.Root>
      )}
    </aside>
  )
}

/** The address of the form in which a call can be changed and sent again. */
function playgroundLinkOf({ action, params }: CallRecord): string {
  const rest = action.replace(/_(?:async|rate_limited)$/, '')
  return writeRoute({ page: 'playground', rest, query: { params: JSON.stringify(params) ?? '{}' } })
}

function Facts({ record }: { record: TapRecord }) {
  const words = useWords(inspectorWords)
  const { fields } = words
  const ending = endingOf(record, words)
  const chat =
    record.type === 'event' ? chatOf(record.event) : record.type === 'call' ? chatOf(record.params) : undefined
  const facts: readonly (readonly [string, ReactNode])[] = [
    [fields.at, record.at !== undefined && `${new Date(record.at).toLocaleDateString()} ${clockTime(record.at)}`],
    [fields.seq, 'seq' in record && record.seq],
    [fields.link, 'link' in record && record.link],
    [fields.from, 'from' in record && record.from],
    [fields.token, 'token' in record && record.token],
    [fields.chat, chat && `${chat.kind} ${chat.id}`],
    [
      fields.form,
      record.type === 'delivery' && [record.kind, record.dialect, record.format].filter(Boolean).join(' · '),
    ],
    [fields.status, ending.text !== '' && <span className={`tag ${ending.tone}`}>{ending.text}</span>],
    [fields.tries, 'tries' in record && record.tries],
    [fields.httpStatus, record.type === 'delivery' && record.status],
    [fields.reason, 'reason' in record && record.reason],
    [fields.took, 'ms' in record && record.ms !== undefined && duration(record.ms)],
  ]
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value !== false &&
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function Body({
  record,
  entry,
  onChooseSeq,
}: {
  record: TapRecord
  entry: Entry
  onChooseSeq?: (seq: number) => void
}) {
  const words = useWords(inspectorWords)
  switch (record.type) {
    case 'event':
      return <EventBody record={record} deliveries={entry.deliveries} />
    case 'delivery':
      return (
        <>
          {record.clause && <Clause clause={record.clause} />}
          {record.seq !== undefined && <Replay seq={record.seq} link={record.link} />}
          {entry.record.type === 'event' && (
            <Section title={words.event}>
              <JsonView value={entry.record.event} label={words.event} />
            </Section>
          )}
        </>
      )
    case 'call':
      return <CallBody record={record} onChooseSeq={onChooseSeq} />
    case 'link':
      return (
        <Section title={words.state}>
          <JsonView value={record.state} label={words.state} />
        </Section>
      )
    case 'gap':
      return <p>{words.missed(record.missed)}</p>
  }
}

function EventBody({ record, deliveries }: { record: EventRecord; deliveries: readonly DeliveryRecord[] }) {
  const words = useWords(inspectorWords)
  return (
    <>
      <Section title={words.event}>
        <JsonView value={record.event} label={words.event} />
      </Section>
      <Section title={words.deliveries}>
        {deliveries.length === 0 && <p className="hint">{words.noDeliveries}</p>}
        {deliveries.map((delivery) => (
          <DeliveryLine key={delivery.id} delivery={delivery} />
        ))}
      </Section>
      <Replay seq={record.seq} />
    </>
  )
}

function CallBody({ record, onChooseSeq }: { record: CallRecord; onChooseSeq: ((seq: number) => void) | undefined }) {
  const words = useWords(inspectorWords)
  const { events = [] } = record
  return (
    <>
      <Section title={words.params}>
        <JsonView value={record.params} label={words.params} />
      </Section>
      <Section title={words.answer}>
        <JsonView value={record.answer} label={words.answer} />
      </Section>
      {events.length > 0 && onChooseSeq && (
        <Section title={words.effects}>
          <div className="row">
            {events.map((seq) => (
              <button key={seq} type="button" className="button" onClick={() => onChooseSeq(seq)}>
                {words.event} #{seq}
              </button>
            ))}
          </div>
        </Section>
      )}
    </>
  )
}

/** The clause of a filter that said no, in words. */
function Clause({ clause }: { clause: FilterClause }) {
  const words = useWords(inspectorWords)
  return (
    <Section title={words.clause.title}>
      <ClauseFacts clause={clause} />
    </Section>
  )
}

function ClauseFacts({ clause }: { clause: FilterClause }) {
  const words = useWords(inspectorWords)
  const { path, field, operator, argument, value, alternatives = [] } = clause
  return (
    <div className="clause">
      <dl className="facts">
        <div>
          <dt>{words.clause.field}</dt>
          <dd>
            <code>{field || words.clause.wholeEvent}</code> <code>{operator}</code>
          </dd>
        </div>
        {alternatives.length === 0 && (
          <>
            <div>
              <dt>{words.clause.argument}</dt>
              <dd>
                <code>{JSON.stringify(argument) ?? ''}</code>
              </dd>
            </div>
            <div>
              <dt>{words.clause.value}</dt>
              <dd>{value === '' ? words.clause.nothing : <code>{value}</code>}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{words.clause.path}</dt>
          <dd>
            <code>{path || '/'}</code>
          </dd>
        </div>
      </dl>
      {alternatives.length > 0 && (
        <>
          <p className="hint">{words.clause.alternatives}</p>
          {alternatives.map((alternative) => (
            <ClauseFacts key={alternative.path} clause={alternative} />
          ))}
        </>
      )}
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="details-section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}
