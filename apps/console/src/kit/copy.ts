import { kitWords } from './words.ts'
import { language } from './language.ts'
import { toast } from './toast.ts'

/** Puts text on the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await writeClipboard(text)
    toast('done', kitWords[language.get()].copied)
  } catch (error) {
    toast('failed', error instanceof Error ? error.message : String(error))
  }
}

async function writeClipboard(text: string): Promise<void> {
  // Browsers offer the clipboard to pages of this machine or of https only; elsewhere there is the old way.
  if (isSecureContext) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'visually-hidden'
  document.body.append(area)
  area.select()
  const isDone = document.execCommand('copy')
  area.remove()
  if (!isDone) throw new Error('the browser does not let this page copy')
}
