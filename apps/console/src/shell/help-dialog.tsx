import { logOut } from '../kit/api.ts'
import { Dialog } from '../kit/dialog.tsx'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { shortcuts } from '../kit/shortcut.ts'
import { useStore } from '../kit/store.ts'
import { attempt } from '../kit/toast.ts'
import { shellWords } from './words.ts'

/** Every keyboard shortcut that works now. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(shellWords)
  // What is registered many times, once for each chat, is one line.
  const known = new Map(useStore(shortcuts).map(({ keys, does }) => [keys, does]))
  return (
    <Dialog title={words.help} onClose={onClose}>
      <dl className="shortcuts">
        {[...known].map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <button type="button" className="button" onClick={() => void attempt(logOut)}>
          <Icon name="logout" size={16} />
          {words.logOut}
        </button>
      </div>
    </Dialog>
  )
}
