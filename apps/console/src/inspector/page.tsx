import { useWords } from '../kit/language.ts'
import { shellWords } from '../shell/words.ts'

export function InspectorPage() {
  return (
    <main className="blank">
      <h1>{useWords(shellWords).pages.inspector}</h1>
    </main>
  )
}
