import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiFailure, logIn } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { shellWords } from './words.ts'

/** Asks for the token of the listener. */
export function Login() {
  const words = useWords(shellWords)
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState('')
  const submit = async (): Promise<void> => {
    try {
      await logIn(token)
      await queries.invalidateQueries()
    } catch (error) {
      setProblem(error instanceof ApiFailure && error.status === 401 ? words.wrongToken : (error as Error).message)
    }
  }
  return (
    <main className="blank">
      <form
        className="card login"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <h1>SeekYou</h1>
        <label className="field">
          <span>{words.token}</span>
          <input
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <p className="hint">{words.tokenHint}</p>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button primary">
          {words.logIn}
        </button>
      </form>
    </main>
  )
}
