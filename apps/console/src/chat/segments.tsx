import type { Segment } from '@seekyou/message'
import { createContext, use, useState } from 'react'
import type { ReactNode } from 'react'
import { Icon } from '../kit/icon.tsx'
import type { IconName } from '../kit/icon.tsx'
import { faces } from './faces.ts'
import { mediaUrl } from './source.ts'
import { useChatWords } from './words.ts'

/** What segments need to know of the chat that they stand in. */
export interface Surroundings {
  /** The name of a person there. */
  nameOf(id: string): string
  /** The message that a reply leads to, as far as it is known. */
  quoted?(id: string): { readonly who: string; readonly text: string } | undefined
  jumpTo?(id: string): void
  openImage?(url: string): void
  openForward?(id: string): void
  /** Shows a file that is not sent yet. */
  localUrl?(segment: Segment): string | undefined
  readonly self?: string
}

export const SurroundingsContext = createContext<Surroundings>({ nameOf: (id) => id })

/** A message as a person sees it. */
export function MessageBody({ message }: { message: readonly Segment[] }) {
  // What a message is made of has no names of its own.
  return (
    <div className="message-body">
      {message.map((segment, index) => (
        <SegmentView key={`${index} ${segment.type}`} segment={segment} />
      ))}
    </div>
  )
}

/** A param as text; empty where there is none. */
function text({ data }: Segment, param: string): string {
  const value = Object.hasOwn(data, param) ? data[param] : ''
  return typeof value === 'string' ? value : ''
}

function SegmentView({ segment }: { segment: Segment }): ReactNode {
  const words = useChatWords()
  const around = use(SurroundingsContext)
  const { segment: say } = words
  const of = (param: string): string => text(segment, param)
  switch (segment.type) {
    case 'text':
      return <span className="seg-text">{of('text')}</span>
    case 'at': {
      const qq = of('qq')
      const name = qq === 'all' ? say.everyone : of('name') || around.nameOf(qq)
      return <span className={qq === 'all' || qq === around.self ? 'seg-at me' : 'seg-at'}>@{name}</span>
    }
    case 'face': {
      const face = faces.get(of('id'))
      if (face) {
        return (
          <span className="seg-face" role="img" aria-label={face.name} title={`${face.name} (face ${of('id')})`}>
            {face.emoji}
          </span>
        )
      }
      return <span className="tag">face {of('id')}</span>
    }
    case 'emoji': {
      const code = Number(of('id'))
      return <span className="seg-face">{isCodePoint(code) ? String.fromCodePoint(code) : `emoji ${of('id')}`}</span>
    }
    case 'mface':
      return <Picture segment={segment} url={of('url')} label={of('summary') || say.image} />
    case 'image':
      return <Picture segment={segment} url={of('url')} label={of('type') === 'flash' ? say.flash : say.image} />
    case 'cardimage':
      return (
        <Card icon="image" kind={of('source') || say.image}>
          <Picture segment={segment} url={of('url')} label={say.image} />
        </Card>
      )
    case 'record':
      return <Sound segment={segment} />
    case 'video':
      return <Film segment={segment} />
    case 'file':
      return <FileCard segment={segment} />
    case 'reply':
      return <Quote segment={segment} />
    case 'forward':
      return (
        <Card icon="chat" kind={say.forward}>
          <button type="button" className="button" onClick={() => around.openForward?.(of('id'))}>
            {say.forwardOpen}
          </button>
        </Card>
      )
    case 'node':
      return (
        <Card icon="chat" kind={of('name') || of('nickname') || say.forward}>
          <Nested value={segment.data['content']} />
        </Card>
      )
    case 'poke':
      return <Label icon="poke">{`${say.poke}${of('qq') ? ` ${around.nameOf(of('qq'))}` : ''}`}</Label>
    case 'shake':
      return <Label icon="bolt">{say.shake}</Label>
    case 'gift':
      return <Label icon="gift">{`${say.gift} ${of('id')} → ${around.nameOf(of('qq'))}`}</Label>
    case 'tts':
      return <Label icon="record">{`${say.tts}: ${of('text')}`}</Label>
    case 'anonymous':
      return <Label icon="people">{say.anonymous}</Label>
    case 'dice':
      return <Draw sign={dice[of('value')] ?? '🎲'}>{say.dice(of('value'))}</Draw>
    case 'rps':
      return <Draw sign={hands[of('value')] ?? '✊'}>{say.rps[of('value')] ?? 'rps'}</Draw>
    case 'redbag':
      return (
        <div className="red-packet">
          <Icon name="gift" size={22} />
          <span>{of('title') || say.redPacket}</span>
        </div>
      )
    case 'location':
      return (
        <Card icon="globe" kind={say.location}>
          <strong>{of('title') || `${of('lat')}, ${of('lon')}`}</strong>
          {of('content') && <p>{of('content')}</p>}
          <p className="hint mono">{`${of('lat')}, ${of('lon')}`}</p>
        </Card>
      )
    case 'contact':
      return (
        <Card icon="people" kind={of('type') === 'group' ? say.contactGroup : say.contactUser}>
          <strong className="mono">{of('id')}</strong>
        </Card>
      )
    case 'share':
      return (
        <LinkCard
          icon="links"
          kind={say.share}
          url={of('url')}
          image={of('image')}
          title={of('title')}
          about={of('content')}
        />
      )
    case 'music': {
      const title = of('title') || `${of('type')} ${of('id')}`
      const audio = mediaUrl(of('audio'))
      return (
        <LinkCard
          icon="record"
          kind={say.music}
          url={of('url')}
          image={of('image')}
          title={title}
          about={of('content')}
        >
          {audio && <audio controls preload="none" src={audio} />}
        </LinkCard>
      )
    }
    case 'json':
      return <Source kind={say.json} summary={promptOf(of('data'))} code={pretty(of('data'))} />
    case 'xml':
      return <Source kind={say.xml} summary={/brief="([^"]*)"/.exec(of('data'))?.[1] ?? ''} code={of('data')} />
    default:
      return <Source kind={words.unsupported(segment.type)} summary="" code={JSON.stringify(segment.data, null, 2)} />
  }
}

const dice: Readonly<Record<string, string>> = { '1': '⚀', '2': '⚁', '3': '⚂', '4': '⚃', '5': '⚄', '6': '⚅' }
const hands: Readonly<Record<string, string>> = { '1': '✋', '2': '✌️', '3': '✊' }

function isCodePoint(code: number): boolean {
  return Number.isInteger(code) && code > 0 && code <= 0x10_ff_ff
}

function Draw({ sign, children }: { sign: string; children: string }) {
  return (
    <span className="seg-draw" role="img" aria-label={children} title={children}>
      {sign}
    </span>
  )
}

function Label({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <span className="seg-label">
      <Icon name={icon} size={14} />
      {children}
    </span>
  )
}

function Card({ icon, kind, children }: { icon: IconName; kind: string; children: ReactNode }) {
  return (
    <div className="seg-card">
      <div className="seg-card-kind">
        <Icon name={icon} size={13} />
        {kind}
      </div>
      {children}
    </div>
  )
}

function LinkCard({
  icon,
  kind,
  url,
  image,
  title,
  about,
  children,
}: {
  icon: IconName
  kind: string
  url: string
  image: string
  title: string
  about: string
  children?: ReactNode
}) {
  const picture = mediaUrl(image)
  const isWeb = /^https?:\/\//i.test(url)
  return (
    <Card icon={icon} kind={kind}>
      <div className="seg-link">
        <div className="grow">
          {isWeb ? (
            <a href={url} target="_blank" rel="noopener noreferrer">
              {title || url}
            </a>
          ) : (
            <strong>{title || url}</strong>
          )}
          {about && <p className="hint">{about}</p>}
          {isWeb && <p className="hint mono">{new URL(url).host}</p>}
        </div>
        {picture && <img src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" />}
      </div>
      {children}
    </Card>
  )
}

function Source({ kind, summary, code }: { kind: string; summary: string; code: string }) {
  const words = useChatWords()
  return (
    <Card icon="code" kind={kind}>
      {summary && <strong>{summary}</strong>}
      <details>
        <summary>{words.segment.source}</summary>
        <pre>{code}</pre>
      </details>
    </Card>
  )
}

function Picture({ segment, url, label }: { segment: Segment; url: string; label: string }) {
  const around = use(SurroundingsContext)
  const words = useChatWords()
  const [isBroken, setBroken] = useState(false)
  const source = around.localUrl?.(segment) ?? mediaUrl(url)
  if (!source || isBroken) {
    return (
      <Label icon="image">
        {label} <span className="hint">{words.segment.noMedia}</span>
      </Label>
    )
  }
  return (
    <button type="button" className="seg-image" aria-label={label} onClick={() => around.openImage?.(source)}>
      <img src={source} alt={label} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
    </button>
  )
}

function Sound({ segment }: { segment: Segment }) {
  const words = useChatWords()
  const around = use(SurroundingsContext)
  const source = around.localUrl?.(segment) ?? mediaUrl(text(segment, 'url'))
  return (
    <Card icon="record" kind={words.segment.record}>
      {source ? (
        <>
          <audio controls preload="none" src={source} aria-label={words.segment.record} />
          <a className="hint" href={source} download>
            {words.segment.download}
          </a>
        </>
      ) : (
        <span className="hint">{text(segment, 'file') || words.segment.noMedia}</span>
      )}
    </Card>
  )
}

function Film({ segment }: { segment: Segment }) {
  const words = useChatWords()
  const around = use(SurroundingsContext)
  const source = around.localUrl?.(segment) ?? mediaUrl(text(segment, 'url'))
  const cover = mediaUrl(text(segment, 'cover'))
  return source ? (
    <video
      className="seg-video"
      controls
      preload="metadata"
      src={source}
      aria-label={words.segment.video}
      {...(cover && { poster: cover })}
    />
  ) : (
    <Label icon="play">{words.segment.video}</Label>
  )
}

/** Bytes as a person counts them. */
export function sizeText(bytes: number): string {
  if (!Number.isFinite(bytes)) return ''
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} kB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

function FileCard({ segment }: { segment: Segment }) {
  const words = useChatWords()
  const source = mediaUrl(text(segment, 'url'))
  const size = text(segment, 'size') || text(segment, 'file_size')
  return (
    <Card icon="file" kind={words.segment.file}>
      <strong>{text(segment, 'name') || text(segment, 'file')}</strong>
      <p className="row hint">
        {size && sizeText(Number(size))}
        {source && (
          <a href={source} download={text(segment, 'name')}>
            {words.segment.download}
          </a>
        )}
      </p>
    </Card>
  )
}

function Quote({ segment }: { segment: Segment }) {
  const words = useChatWords()
  const around = use(SurroundingsContext)
  const id = text(segment, 'id')
  const found = around.quoted?.(id)
  const made = text(segment, 'text')
  const who = found?.who ?? (text(segment, 'qq') ? around.nameOf(text(segment, 'qq')) : '')
  return (
    <button type="button" className="seg-quote" disabled={!found} onClick={() => around.jumpTo?.(id)}>
      <span className="visually-hidden">{words.segment.reply} </span>
      {who && <strong>{who}</strong>}
      <span>{found?.text ?? (made || `#${id}`)}</span>
    </button>
  )
}

function Nested({ value }: { value: Segment['data'][string] | undefined }) {
  if (typeof value === 'string') return <span className="seg-text">{value}</span>
  return value ? <MessageBody message={value} /> : null
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}

function promptOf(json: string): string {
  try {
    const { prompt } = JSON.parse(json) as { prompt?: unknown }
    return typeof prompt === 'string' ? prompt : ''
  } catch {
    return ''
  }
}
