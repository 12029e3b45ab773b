import type { Segment } from '@seekyou/message'
import type { $brand } from 'zod'

type Branded = { readonly [$brand]: unknown }

/** A type of the house as it stands on the wire: ids, which the house keeps apart by brands, are plain numbers and text. */
export type Plain<T> = T extends Branded
  ? T extends number
    ? number
    : string
  : T extends string | number | boolean | null | undefined | Segment
    ? T
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T
