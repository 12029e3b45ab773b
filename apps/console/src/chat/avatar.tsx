import type { CSSProperties } from 'react'
import { Icon } from '../kit/icon.tsx'

/** A small picture in place of one: the first letter, in a colour that follows from who it is. */
export function Avatar({
  id,
  name,
  size,
  isSquare = false,
  isBot = false,
}: {
  id: string | number
  name: string
  size: number
  isSquare?: boolean
  isBot?: boolean
}) {
  const hue = Array.from(String(id)).reduce((sum, letter) => (sum * 131 + letter.codePointAt(0)! * 57) % 360, 7)
  return (
    <span
      className={`avatar${isSquare ? ' square' : ''}${isBot ? ' bot' : ''}`}
      style={{ width: size, height: size, fontSize: size * 0.42, '--hue': hue } as CSSProperties}
      data-letter={isBot ? '' : Array.from(name)[0]?.toUpperCase()}
      aria-hidden="true"
    >
      {isBot && <Icon name="bot" size={size * 0.62} />}
    </span>
  )
}
