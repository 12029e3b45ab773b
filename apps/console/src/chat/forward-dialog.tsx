import { readMessage } from '@seekyou/message'
import { useQuery } from '@tanstack/react-query'
import { use, useState } from 'react'
import { act } from '../kit/api.ts'
import { Dialog } from '../kit/dialog.tsx'
import { useWords } from '../kit/language.ts'
import { kitWords } from '../kit/words.ts'
import { Avatar } from './avatar.tsx'
import { MessageBody, SurroundingsContext } from './segments.tsx'
import { useChatWords } from './words.ts'

interface ForwardedMessage {
  readonly sender: { readonly nickname: string; readonly user_id: number }
  readonly time: number
  readonly content?: unknown
  readonly message?: unknown
}

/** The messages of a bundle; a bundle in it opens over it. */
export function ForwardDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useChatWords()
  const common = useWords(kitWords)
  const around = use(SurroundingsContext)
  const [inner, setInner] = useState<string>()
  const { data, error } = useQuery({
    queryKey: ['chat', 'forward', id],
    queryFn: () => act<{ messages: ForwardedMessage[] }>('get_forward_msg', { id }),
  })
  return (
    <Dialog title={words.segment.forward} wide onClose={onClose}>
      <SurroundingsContext value={{ ...around, openForward: setInner }}>
        {error ? <p className="problem">{error.message}</p> : !data && <p className="hint">{common.loading}</p>}
        <div className="forward">
          {data?.messages.map(({ sender, content, message }, index) => (
            <article key={`${index} ${sender.user_id}`} className="row-message">
              <div className="row-side">
                <Avatar id={sender.user_id} name={sender.nickname} size={28} />
              </div>
              <div className="row-main">
                <div className="row-head">
                  <strong className="row-name">{sender.nickname}</strong>
                  <span className="hint mono">{sender.user_id}</span>
                </div>
                <MessageBody message={readMessage(content ?? message)} />
              </div>
            </article>
          ))}
        </div>
      </SurroundingsContext>
      {inner && <ForwardDialog id={inner} onClose={() => setInner(undefined)} />}
    </Dialog>
  )
}
