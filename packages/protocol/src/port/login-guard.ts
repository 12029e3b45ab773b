/** Counts wrong tokens by where they come from; see `Gateway.authorize`. */
export interface LoginGuard {
  /** Why a token from an address is not looked at now, and for how long; `undefined` where it is. */
  refuses(from: string | undefined): { readonly waitMs: number; readonly wording: string } | undefined
  /** A wrong token was shown from an address. */
  failed(credential: string, from: string | undefined): void
}
