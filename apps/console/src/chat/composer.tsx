import { encodeCqCode, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { useQueryClient } from '@tanstack/react-query'
import { DropdownMenu, Popover } from 'radix-ui'
import { useId, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { ClipboardEvent, DragEvent, KeyboardEvent, Ref } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useStore } from '../kit/store.ts'
import { attempt, toast } from '../kit/toast.ts'
import { Avatar } from './avatar.tsx'
import type { Chat } from './chat-id.ts'
import { chatIdOf } from './chat-id.ts'
import type { Deeds } from './deeds.ts'
import { attachmentOf, codeOfAttachment, mentionAt, segmentsOf, splice, withContents } from './draft.ts'
import type { Attachment } from './draft.ts'
import { faces } from './faces.ts'
import { MenuItems } from './menu-items.tsx'
import type { MenuItem } from './menu-items.tsx'
import { RedPacketDialog } from './red-packet-dialog.tsx'
import { MessageBody, SurroundingsContext } from './segments.tsx'
import { collected } from './state.ts'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { groupOf, nameInChat } from './world.ts'
import type { ChatMessage, Person } from './world.ts'

export interface ComposerHandle {
  focus(): void
  mention(user_id: number): void
}

/** The largest file that is taken; what a server takes as one request is 32 MB by default, and base64 adds a third. */
const mostMegabytes = 22

/** What was written and not sent, by chat, as long as the page is open. */
const drafts = new Map<string, { text: string; attachments: ReadonlyMap<string, Attachment> }>()
let lastKey = 0

/** Where one writes a message: text with CQ codes, which is also what a bot would send. */
export function Composer({
  ref,
  chat,
  people,
  persona,
  deeds,
  replyTo,
  onReplied,
}: {
  ref: Ref<ComposerHandle>
  chat: Chat
  people: readonly Person[]
  persona: number
  deeds: Deeds
  replyTo: ChatMessage | undefined
  onReplied: () => void
}) {
  const words = useChatWords()
  const { composer: say } = words
  const { world, source } = useRoom()
  const queries = useQueryClient()
  const id = chatIdOf(chat)
  const [text, setText] = useState(() => drafts.get(id)?.text ?? '')
  const [attachments, setAttachments] = useState<ReadonlyMap<string, Attachment>>(
    () => drafts.get(id)?.attachments ?? new Map<string, Attachment>(),
  )
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState('')
  const [isMasked, setMasked] = useState(false)
  const [showsPreview, setShowsPreview] = useState(false)
  const [isOver, setOver] = useState(false)
  const [givesPacket, setGivesPacket] = useState(false)
  const [mention, setMention] = useState<ReturnType<typeof mentionAt>>()
  const [choice, setChoice] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const mentionsId = useId()

  const isBot = persona === world.bot
  const canMask = chat.type === 'group' && !isBot && (groupOf(world, chat.group_id)?.anonymous ?? false)
  const name = nameInChat(world, chat, persona)
  const segments = useMemo(() => segmentsOf(text), [text])
  const isRich = segments.some(({ type }) => type !== 'text')

  const change = (next: string, files = attachments): void => {
    setText(next)
    setProblem('')
    drafts.set(id, { text: next, attachments: files })
  }
  const insert = (code: string, from?: number): void => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    const { text: next, caret } = splice(text, from ?? selectionStart, selectionEnd, code)
    change(next)
    setMention(undefined)
    // The caret can only be put where the text already is.
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(caret, caret)
    })
  }
  const mentionCode = (qq: string): string => `${encodeCqCode([{ type: 'at', data: { qq } }])} `
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    mention: (user_id) => insert(mentionCode(String(user_id))),
  }))

  const send = async (message: readonly Segment[], isDraft: boolean): Promise<void> => {
    if (message.length === 0 || isSending) return
    setSending(true)
    try {
      await deeds.say(message, isMasked && canMask ? { anonymous: true } : {})
      // A real network need not tell the bot what it said itself.
      if (source.kind === 'bridge') void queries.invalidateQueries({ queryKey: ['chat', 'messages', id] })
      if (isDraft) {
        setAttachments(new Map())
        change('', new Map())
        onReplied()
      }
    } catch (error) {
      setProblem((error as Error).message)
    } finally {
      setSending(false)
      field.current?.focus()
    }
  }
  const bundle = useStore(collected)
  const forward = async (): Promise<void> => {
    try {
      await deeds.forward(bundle.map(({ message_id }) => message_id))
      collected.set([])
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  const sendDraft = (): void => {
    const reply: Segment[] = replyTo ? [{ type: 'reply', data: { id: String(replyTo.message_id) } }] : []
    if (segments.length > 0) void send([...reply, ...withContents(segments, attachments)], true)
  }

  const attach = async (files: Iterable<File>): Promise<void> => {
    const all = new Map(attachments)
    let added = ''
    for (const file of files) {
      if (file.size > mostMegabytes * 1024 * 1024) {
        toast('failed', say.tooLarge(file.name, mostMegabytes))
        continue
      }
      const key = String(++lastKey)
      const attachment = { key, name: file.name, type: file.type, size: file.size, content: await base64Of(file) }
      all.set(key, attachment)
      added += codeOfAttachment(attachment)
    }
    if (!added) return
    setAttachments(all)
    const { selectionEnd = text.length } = field.current ?? {}
    change(splice(text, selectionEnd, selectionEnd, added).text, all)
    field.current?.focus()
  }

  const candidates = useMemo(() => {
    if (!mention || chat.type === 'private') return []
    const wanted = mention.search.toLowerCase()
    const found = people
      .filter((person) => person.name.toLowerCase().includes(wanted) || String(person.user_id).startsWith(wanted))
      .slice(0, 8)
      .map((person) => ({ qq: String(person.user_id), name: person.name }))
    return say.everyone.includes(wanted) || 'all'.startsWith(wanted)
      ? [...found, { qq: 'all', name: say.everyone }]
      : found
  }, [mention, people, chat.type, say])
  const pick = (index: number): void => {
    const candidate = candidates[index]
    if (candidate && mention) insert(mentionCode(candidate.qq), mention.from)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return
    if (candidates.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) {
        event.preventDefault()
        setChoice((choice + step + candidates.length) % candidates.length)
        return
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault()
        pick(choice)
        return
      }
    }
    if (event.key === 'Escape') {
      if (mention) setMention(undefined)
      else if (replyTo) onReplied()
      else field.current?.blur()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      sendDraft()
    }
  }
  const onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    void attach(event.clipboardData.files)
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void attach(event.dataTransfer.files)
  }

  const more: MenuItem[] = [
    { label: say.dice, icon: 'dice', run: () => void send([{ type: 'dice', data: {} }], false) },
    { label: say.rps, icon: 'poke', run: () => void send([{ type: 'rps', data: {} }], false) },
    ...(chat.type === 'private'
      ? [
          {
            label: say.poke,
            icon: 'poke',
            run: () => void attempt(() => deeds.poke(isBot ? chat.user_id : world.bot)),
          } as const,
        ]
      : []),
    ...(chat.type === 'group' && !isBot
      ? [{ label: say.redPacket, icon: 'gift', run: () => setGivesPacket(true) } as const]
      : []),
    '---',
    { label: say.location, icon: 'globe', run: () => insert(encodeCqCode([examples.location])) },
    { label: say.share, icon: 'links', run: () => insert(encodeCqCode([examples.share])) },
    { label: say.music, icon: 'record', run: () => insert(encodeCqCode([examples.music])) },
  ]

  const localUrl = (segment: Segment): string | undefined => {
    const attachment = attachmentOf(segment, attachments)
    return attachment && `data:${attachment.type};base64,${attachment.content}`
  }
  return (
    <div
      className={isOver ? 'composer over' : 'composer'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {isOver && <p className="composer-drop">{say.drop}</p>}
      {replyTo && (
        <div className="composer-reply">
          <Icon name="reply" size={14} />
          <span className="grow">{say.replyTo(replyTo.sender.card || replyTo.sender.nickname)}</span>
          <button type="button" className="icon-button" aria-label={say.noReply} onClick={onReplied}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
      {bundle.length > 0 && (
        <div className="collected">
          <Icon name="chat" size={14} />
          <span className="grow">{say.collected(bundle.length)}</span>
          <button type="button" className="button" onClick={() => void forward()}>
            {say.sendCollected}
          </button>
          <button type="button" className="button" onClick={() => collected.set([])}>
            {say.forget}
          </button>
        </div>
      )}
      {problem && (
        <p className="problem composer-problem" role="alert">
          {problem}
        </p>
      )}
      {isRich && (
        <SurroundingsContext value={{ nameOf: (qq) => nameInChat(world, chat, Number(qq)), localUrl }}>
          <div className="composer-look" aria-hidden="true" inert>
            <MessageBody message={segments} />
          </div>
        </SurroundingsContext>
      )}
      {showsPreview && <SegmentsEditor text={text} segments={segments} onText={change} />}
      {candidates.length > 0 && (
        <ul className="mentions menu" role="listbox" id={mentionsId} aria-label={say.mention}>
          {candidates.map(({ qq, name: their }, index) => (
            <li
              key={qq}
              role="option"
              aria-selected={index === choice}
              onPointerDown={(event) => {
                event.preventDefault()
                pick(index)
              }}
            >
              <Avatar id={qq} name={their} size={20} />
              <span className="grow">{their}</span>
              <span className="hint mono">{qq}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-line">
        <textarea
          ref={field}
          rows={1}
          aria-label={say.label}
          placeholder={say.placeholder(name)}
          title={say.hint}
          value={text}
          aria-controls={candidates.length > 0 ? mentionsId : undefined}
          onChange={(event) => {
            change(event.target.value)
            setMention(mentionAt(event.target.value, event.target.selectionStart))
            setChoice(0)
          }}
          onBlur={() => setMention(undefined)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button
          type="button"
          className="button primary composer-send"
          aria-label={say.send}
          title={say.send}
          disabled={isSending || segments.length === 0}
          onClick={sendDraft}
        >
          <Icon name="send" />
        </button>
      </div>
      <div className="composer-tools">
        <FacePicker onPick={(face) => insert(encodeCqCode([{ type: 'face', data: { id: face } }]))} />
        <button
          type="button"
          className="icon-button"
          aria-label={say.attach}
          title={say.attach}
          onClick={() => picker.current?.click()}
        >
          <Icon name="image" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={say.attach}
          onChange={(event) => {
            void attach(event.target.files ?? [])
            event.target.value = ''
          }}
        />
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger className="icon-button" aria-label={say.more} title={say.more}>
            <Icon name="plus" />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="menu" side="top" align="start" sideOffset={4}>
              <MenuItems of={DropdownMenu} items={more} />
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
        <button
          type="button"
          className="icon-button"
          aria-label={say.preview}
          title={say.preview}
          aria-pressed={showsPreview}
          onClick={() => setShowsPreview(!showsPreview)}
        >
          <Icon name="code" />
        </button>
        {canMask && (
          <label className="check hint">
            <input type="checkbox" checked={isMasked} onChange={(event) => setMasked(event.target.checked)} />
            {say.anonymous}
          </label>
        )}
      </div>
      {givesPacket && chat.type === 'group' && (
        <RedPacketDialog group={chat.group_id} giver={persona} people={people} onClose={() => setGivesPacket(false)} />
      )}
    </div>
  )
}

const examples = {
  location: { type: 'location', data: { lat: '39.9042', lon: '116.4074', title: 'Beijing', content: 'Tian’anmen' } },
  share: { type: 'share', data: { url: 'https://example.com/', title: 'Example', content: 'A page' } },
  music: {
    type: 'music',
    data: { type: 'custom', url: 'https://example.com/', audio: 'https://example.com/a.mp3', title: 'Song' },
  },
} as const

async function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve((reader.result as string).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(reader.error ?? new Error(file.name)))
    reader.readAsDataURL(file)
  })
}

function FacePicker({ onPick }: { onPick: (id: string) => void }) {
  const words = useChatWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="icon-button" aria-label={words.composer.face} title={words.composer.face}>
        <Icon name="smile" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu faces"
          side="top"
          align="start"
          sideOffset={4}
          aria-label={words.composer.face}
        >
          {[...faces].map(([id, { emoji, name }]) => (
            <button
              key={id}
              type="button"
              title={`${name} (${id})`}
              aria-label={name}
              onClick={() => {
                onPick(id)
                setOpen(false)
              }}
            >
              {emoji}
            </button>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** The draft as segments, which can be written in as well; the text and this follow each other. */
function SegmentsEditor({
  text,
  segments,
  onText,
}: {
  text: string
  segments: readonly Segment[]
  onText: (text: string) => void
}) {
  const words = useChatWords()
  // What someone writes as JSON stays as it is until the text says something else.
  const [json, setJson] = useState<{ readonly written: string; readonly text: string }>()
  const [problem, setProblem] = useState('')
  const shown = json && json.text === text ? json.written : JSON.stringify(segments, null, 2)
  return (
    <div className="composer-preview">
      <label className="field">
        <span>
          {words.composer.segments}
          {problem && <span className="tag bad">{words.composer.badJson}</span>}
        </span>
        <textarea
          className="mono"
          rows={4}
          value={shown}
          title={problem}
          onChange={(event) => {
            const written = event.target.value
            try {
              const next = encodeCqCode(readMessage(JSON.parse(written)))
              setJson({ written, text: next })
              setProblem('')
              onText(next)
            } catch (error) {
              setJson({ written, text })
              setProblem((error as Error).message)
            }
          }}
        />
      </label>
    </div>
  )
}
