/** A document as a client reads it: whatever JSON does not carry is gone. */
export function published<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document
}
