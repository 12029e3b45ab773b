import { Component } from 'react'
import type { ReactNode } from 'react'
import { kitWords } from '../kit/words.ts'
import { language } from '../kit/language.ts'
import { shellWords } from './words.ts'

interface Broken {
  readonly error: Error | undefined
}

/** Shows what broke in place of the part that did; the rest of the page goes on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, Broken> {
  override state: Broken = { error: undefined }

  static getDerivedStateFromError(error: Error): Broken {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className="blank" role="alert">
        <h1>{shellWords[language.get()].broken}</h1>
        <pre>{error.message}</pre>
        <button type="button" className="button" onClick={() => this.setState({ error: undefined })}>
          {kitWords[language.get()].retry}
        </button>
      </div>
    )
  }
}
