/** Makes something when it is first asked for, and gives the same from then on: a schema costs more than its use. */
export function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined
  return () => (made ??= { value: make() }).value
}
