import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../kit/api.ts'
import { Dialog } from '../kit/dialog.tsx'
import { Icon } from '../kit/icon.tsx'
import { language, useWords } from '../kit/language.ts'
import { useStore } from '../kit/store.ts'
import { attempt, toast } from '../kit/toast.ts'
import { copyText } from '../kit/copy.ts'
import { Unread } from '../tools/unread.tsx'
import { limitsOf } from './token-draft.ts'
import type { ListedToken } from './token-draft.ts'
import { TokenForm } from './token-form.tsx'
import { linksWords } from './words.ts'

/** The scoped tokens, to make and to revoke. */
export function Tokens() {
  const words = useWords(linksWords)
  const queries = useQueryClient()
  const [isMaking, setMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  const [toRevoke, setToRevoke] = useState<string>()
  const {
    data: tokens,
    error,
    refetch,
  } = useQuery({
    queryKey: ['inspect', 'tokens'],
    queryFn: ({ signal }) => ask<readonly ListedToken[]>('inspect/tokens', { signal }),
  })
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: ['inspect', 'tokens'] })
  const revoke = (name: string): void =>
    void attempt(async () => {
      setToRevoke(undefined)
      await ask(`inspect/tokens/${encodeURIComponent(name)}`, { method: 'DELETE' })
      toast('done', words.revoked(name))
      await readAgain()
    })
  return (
    <section className="links-section" aria-labelledby="tokens-title">
      <h2 id="tokens-title" className="visually-hidden">
        {words.tabs.tokens}
      </h2>
      <div className="row">
        <p className="hint grow">{words.tokensHint}</p>
        {tokens && (
          <button type="button" className="button primary" onClick={() => setMaking(true)}>
            <Icon name="plus" size={14} />
            {words.newToken}
          </button>
        )}
      </div>
      {error && <Unread error={error} what={words.whatTokens} onRetry={() => void refetch()} />}
      {tokens?.length === 0 && <p>{words.noTokens}</p>}
      <ul className="letters">
        {tokens?.map((token) => (
          <Token key={token.name} token={token} onRevoke={() => setToRevoke(token.name)} />
        ))}
      </ul>
      {isMaking && (
        <TokenForm
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false)
            setSecret(made)
            void readAgain()
          }}
        />
      )}
      {secret !== undefined && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
      {toRevoke !== undefined && (
        <Dialog title={words.revokeToken(toRevoke)} onClose={() => setToRevoke(undefined)}>
          <p>{words.revokeSure(toRevoke)}</p>
          <div className="row">
            <button type="button" className="button danger" onClick={() => revoke(toRevoke)}>
              {words.revoke}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  )
}

function Token({ token, onRevoke }: { token: ListedToken; onRevoke: () => void }) {
  const words = useWords(linksWords)
  const locale = useStore(language)
  const { name, origin, expires_at, expired, can_log_in } = token
  return (
    <li className="card letter">
      <div className="row">
        <strong>{name}</strong>
        {limitsOf(token).map((limit) => (
          <span key={limit} className="tag">
            {limit}
          </span>
        ))}
        {expired ? (
          <span className="tag bad">{words.expired}</span>
        ) : (
          expires_at !== undefined && (
            <span className="hint">
              {words.token.expires} {new Date(expires_at).toLocaleString(locale === 'zh' ? 'zh-CN' : 'en-GB')}
            </span>
          )
        )}
        {can_log_in === false && <span className="tag">{words.scopeOnly}</span>}
        <span className="grow" />
        {origin === 'config' ? (
          <span className="hint">{words.fromConfig}</span>
        ) : (
          <button type="button" className="button danger" aria-label={words.revokeToken(name)} onClick={onRevoke}>
            <Icon name="trash" size={14} />
            {words.revoke}
          </button>
        )}
      </div>
    </li>
  )
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const words = useWords(linksWords)
  return (
    <Dialog title={words.secretTitle} onClose={onClose}>
      <p className="hint">{words.secretHint}</p>
      <code className="secret">{secret}</code>
      <div className="row">
        <button type="button" className="button primary" onClick={() => void copyText(secret)}>
          <Icon name="copy" size={14} />
          {words.copySecret}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {words.secretClose}
        </button>
      </div>
    </Dialog>
  )
}
