const textSpecial = /[&[\]]/g
const valueSpecial = /[&[\],]/g
const entity = /&(?:amp|#91|#93|#44);/g

const entityOf: { readonly [character: string]: string } = { '&': '&amp;', '[': '&#91;', ']': '&#93;', ',': '&#44;' }
const characterOf: { readonly [entity: string]: string } = {
  '&amp;': '&',
  '&#91;': '[',
  '&#93;': ']',
  '&#44;': ',',
}

/** Escapes `&`, `[` and `]`, so that the text holds no CQ code. */
export function escapeText(text: string): string {
  return text.replace(textSpecial, (character) => entityOf[character]!)
}

/** Escapes `&`, `[`, `]` and `,`, so that the value can stand in a CQ code. */
export function escapeValue(value: string): string {
  return value.replace(valueSpecial, (character) => entityOf[character]!)
}

/** Undoes both escapes in one pass: `&amp;`, `&#91;`, `&#93;` and `&#44;`; anything else after an `&` stays. */
export function unescape(text: string): string {
  return text.includes('&') ? text.replace(entity, (found) => characterOf[found]!) : text
}
