import { Dialog } from '../kit/dialog.tsx'
import { useChatWords } from './words.ts'

/** An image as large as the page. */
export function Lightbox({ url, onClose }: { url: string; onClose: () => void }) {
  const words = useChatWords()
  return (
    <Dialog title={words.segment.image} wide onClose={onClose}>
      <img className="lightbox" src={url} alt={words.segment.image} referrerPolicy="no-referrer" />
      <a href={url} target="_blank" rel="noopener noreferrer" className="hint mono">
        {words.segment.download}
      </a>
    </Dialog>
  )
}
