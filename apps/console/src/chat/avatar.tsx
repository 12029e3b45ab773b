import type { CSSProperties } from 'react'

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
  const hue = [...String(id)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7)
  return (
    <span
      className={`avatar${isSquare ? ' square' : ''}${isBot ? ' bot' : ''}`}
      style={{ width: size, height: size, fontSize: size * 0.42, '--hue': hue } as CSSProperties}
      aria-hidden="true"
    >
      {isBot ? '🤖' : [...name][0]?.toUpperCase()}
    </span>
  )
}
