import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { look, play } from '../kit/api.ts'
import { language } from '../kit/language.ts'
import { useStore } from '../kit/store.ts'
import { attempt, toast } from '../kit/toast.ts'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'

/** What a verb shows, and a function that does it and shows the rest again. */
function useVerb<Data>(verb: string, read: () => Promise<Data>) {
  const queries = useQueryClient()
  const words = useChatWords()
  const { data } = useQuery({ queryKey: ['chat', 'verb', verb], queryFn: read, staleTime: 0 })
  const run = async (name: string, params: Readonly<Record<string, unknown>>): Promise<void> => {
    const done = await attempt(async () => {
      await play(name, params)
      return true
    })
    if (done) toast('done', words.world.done)
    await queries.invalidateQueries({ queryKey: ['chat', 'verb', verb] })
  }
  return { data, run }
}

function Form({ onSend, children }: { onSend: (fields: FormData) => void; children: ReactNode }) {
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(new FormData(event.currentTarget))
      }}
    >
      {children}
    </form>
  )
}

/** The filled fields of a form; those of `numeric` as numbers. */
function filled(fields: FormData, numeric: readonly string[] = []): Record<string, string | number> {
  return Object.fromEntries(
    [...fields].flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, numeric.includes(name) ? Number(value) : value]] : [],
    ),
  )
}

export function Snapshots() {
  const { snapshots: words } = useChatWords()
  const { data, run } = useVerb('snapshot', () => look<{ snapshots: string[] }>('snapshot'))
  return (
    <div className="stack">
      <p className="hint">{words.about}</p>
      <Form onSend={(fields) => void run('snapshot', filled(fields))}>
        <label className="field">
          <span>{words.name}</span>
          <input name="name" defaultValue="default" required />
        </label>
        <button type="submit" className="button primary">
          {words.keep}
        </button>
      </Form>
      {data?.snapshots.length === 0 && <p className="hint">{words.none}</p>}
      {data?.snapshots.map((name) => (
        <div key={name} className="card row">
          <strong className="grow mono">{name}</strong>
          <button type="button" className="button" onClick={() => void run('restore', { name })}>
            {words.restore}
          </button>
        </div>
      ))}
      <div className="card row">
        <span className="grow hint">{words.resetAbout}</span>
        <button type="button" className="button danger" onClick={() => void run('reset', {})}>
          {words.reset}
        </button>
      </div>
    </div>
  )
}

interface FaultsNow {
  readonly actions: readonly {
    readonly action?: string
    readonly delay_ms?: number
    readonly fail?: { readonly retcode: number; readonly wording: string }
    readonly times?: number
  }[]
  readonly drop_events: number
  readonly duplicate_events: number
  readonly disconnect: number
}

export function Faults() {
  const { faults: words } = useChatWords()
  const { data, run } = useVerb('faults', () => look<FaultsNow>('faults'))
  const isQuiet = data && data.actions.length === 0 && !data.drop_events && !data.duplicate_events && !data.disconnect
  return (
    <div className="stack">
      <p className="hint">{words.about}</p>
      <Form
        onSend={(fields) => {
          const { retcode, wording, ...rest } = filled(fields, ['delay_ms', 'times', 'retcode'])
          const fail = retcode !== undefined && { fail: { retcode, ...(wording !== undefined && { wording }) } }
          void run('faults', { ...rest, ...fail })
        }}
      >
        <label className="field">
          <span>{words.action}</span>
          <input name="action" className="mono" placeholder={words.everyAction} />
        </label>
        <label className="field">
          <span>{words.delay}</span>
          <input name="delay_ms" type="number" min={0} />
        </label>
        <label className="field">
          <span>{words.retcode}</span>
          <input name="retcode" type="number" />
        </label>
        <label className="field">
          <span>{words.wording}</span>
          <input name="wording" />
        </label>
        <label className="field">
          <span>{words.times}</span>
          <input name="times" type="number" min={1} placeholder={words.always} />
        </label>
        <button type="submit" className="button primary">
          {words.set}
        </button>
      </Form>
      <Form onSend={(fields) => void run('faults', filled(fields, ['drop_events', 'duplicate_events', 'disconnect']))}>
        <label className="field">
          <span>{words.drop}</span>
          <input name="drop_events" type="number" min={0} />
        </label>
        <label className="field">
          <span>{words.duplicate}</span>
          <input name="duplicate_events" type="number" min={0} />
        </label>
        <label className="field">
          <span>{words.disconnect}</span>
          <input name="disconnect" type="number" min={0} />
        </label>
        <button type="submit" className="button primary">
          {words.set}
        </button>
      </Form>
      <div className="card stack">
        <div className="row">
          <h3 className="grow">{words.active}</h3>
          <button type="button" className="button" onClick={() => void run('faults', { clear: true })}>
            {words.clear}
          </button>
        </div>
        {isQuiet ? <p className="hint">{words.none}</p> : <pre>{JSON.stringify(data, null, 2)}</pre>}
      </div>
    </div>
  )
}

export function Clock() {
  const { clock: words } = useChatWords()
  const locale = useStore(language)
  const { data, run } = useVerb('clock', () => look<{ clock: 'real' | 'virtual'; now_ms: number }>('clock'))
  if (!data) return null
  const move = (ms: number) => void run('clock', { advance_ms: ms })
  return (
    <div className="stack">
      <div className="card row">
        <span className="hint">{words.now}</span>
        <strong className="mono">{new Date(data.now_ms).toLocaleString(locale === 'zh' ? 'zh-CN' : 'en-GB')}</strong>
        <span className="tag">{data.clock}</span>
      </div>
      {data.clock === 'real' ? (
        <p className="hint">{words.real}</p>
      ) : (
        <>
          <div className="row">
            <span className="hint">{words.advance}</span>
            <button type="button" className="button" onClick={() => move(60_000)}>
              {words.minute}
            </button>
            <button type="button" className="button" onClick={() => move(3_600_000)}>
              {words.hour}
            </button>
            <button type="button" className="button" onClick={() => move(86_400_000)}>
              {words.day}
            </button>
          </div>
          <Form onSend={(fields) => move(Number(fields.get('ms')))}>
            <label className="field">
              <span>{words.ms}</span>
              <input name="ms" type="number" min={0} required />
            </label>
            <button type="submit" className="button primary">
              {words.move}
            </button>
          </Form>
        </>
      )}
    </div>
  )
}

export function Devices() {
  const { devices: words } = useChatWords()
  const { world } = useRoom()
  const [name, setName] = useState('Pad')
  const set = (device: { app_id: number; device_name: string; device_kind: string }, online: boolean) =>
    void attempt(() => play('client', { ...device, online }))
  return (
    <div className="stack">
      <p className="hint">{words.about}</p>
      <div className="card row">
        <input
          className="grow"
          aria-label={words.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button
          type="button"
          className="button primary"
          onClick={() =>
            set(
              {
                app_id: Math.max(0, ...world.clients.map(({ app_id }) => app_id)) + 1,
                device_name: name,
                device_kind: name,
              },
              true,
            )
          }
        >
          {words.online}
        </button>
      </div>
      {world.clients.length === 0 && <p className="hint">{words.none}</p>}
      {world.clients.map((device) => (
        <div key={device.app_id} className="card row">
          <strong className="grow">{device.device_name}</strong>
          <span className="hint mono">{device.app_id}</span>
          <button type="button" className="button" onClick={() => set(device, false)}>
            {words.offline}
          </button>
        </div>
      ))}
    </div>
  )
}
