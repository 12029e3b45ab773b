import { useWords } from '../kit/language.ts'
import { shellWords } from '../shell/words.ts'

export function ChatPage() {
  return (
    <main className="blank">
      <h1>{useWords(shellWords).pages.chat}</h1>
    </main>
  )
}
