import { useWords } from '../kit/language.ts'
import { shellWords } from '../shell/words.ts'

export function LinksPage() {
  return (
    <main className="blank">
      <h1>{useWords(shellWords).pages.links}</h1>
    </main>
  )
}
