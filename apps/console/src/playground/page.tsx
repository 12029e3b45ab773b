import { useWords } from '../kit/language.ts'
import { shellWords } from '../shell/words.ts'

export function PlaygroundPage() {
  return (
    <main className="blank">
      <h1>{useWords(shellWords).pages.playground}</h1>
    </main>
  )
}
